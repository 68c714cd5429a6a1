import { aboutNumber, badInput, range, refusedUpstream, SOURCE } from './entry.js';

const source = SOURCE.errors;

/** Meta's codes of the messages and templates that ask for permission. */
export const messageCodes = [
  refusedUpstream('message_type_unsupported', {
    upstream: [131051],
    source,
    en: {
      title: 'Meta does not take this type of message',
      detail: 'The number cannot send this type of message: {message}',
      remedy: 'Ask 360dialog support whether call permission requests are enabled for the number; a template may work in the meantime.',
    },
    es: {
      title: 'Meta no admite este tipo de mensaje',
      detail: 'El número no puede enviar este tipo de mensaje: {message}',
      remedy:
        'Pregunte al soporte de 360dialog si el número tiene habilitadas las solicitudes de permiso; mientras tanto puede servir una plantilla.',
    },
  }),
  refusedUpstream('template_media_failed', {
    upstream: [131052, 131053],
    source: SOURCE.errorsUnverified,
    en: {
      title: 'A media file could not be transferred',
      detail: 'Meta could not download or take the file of the message, such as the header of a template: {message}',
      remedy: 'Check that the link is public, and the type and size of the file; then send the request again.',
    },
    es: {
      title: 'No se pudo transferir un archivo multimedia',
      detail: 'Meta no pudo descargar o procesar el archivo del mensaje, por ejemplo el encabezado de una plantilla: {message}',
      remedy: 'Verifique que el enlace sea público y revise el tipo y el tamaño del archivo; luego repita la solicitud.',
    },
  }),
  aboutNumber('template_unavailable', {
    upstream: [132001],
    source: SOURCE.errorsUnverified,
    en: {
      title: 'There is no such template in this language',
      detail: 'The template does not exist for this number in the given language, or it has not been approved yet.',
      remedy:
        'Check name and language code against the list of templates in the 360dialog Hub; a new template works as soon as it is approved.',
    },
    es: {
      title: 'No existe esa plantilla en este idioma',
      detail: 'La plantilla no existe para este número en el idioma indicado, o todavía no está aprobada.',
      remedy:
        'Compare el nombre y el código de idioma con las plantillas del Hub de 360dialog; una plantilla nueva sirve en cuanto se aprueba.',
    },
  }),
  badInput('template_parameters_invalid', {
    upstream: [132000, 132005, 132012],
    source: SOURCE.errorsUnverified,
    en: {
      title: 'The template does not fit its parameters',
      detail: 'The count, the format or the length of the given values differs from the approved template: {message}',
      remedy: 'Give exactly the variables of the approved template in `template.components`; the permission button itself takes none.',
    },
    es: {
      title: 'Los parámetros no corresponden a la plantilla',
      detail: 'La cantidad, el formato o la longitud de los valores difiere de la plantilla aprobada: {message}',
      remedy: 'Indique en `template.components` exactamente las variables de la plantilla aprobada; el botón de permiso no lleva ninguna.',
    },
  }),
  aboutNumber('template_paused', {
    upstream: [132007, 132015, 132016],
    source: SOURCE.errorsUnverified,
    en: {
      title: 'The template is paused, disabled or against policy',
      detail: 'Meta has stopped this template for low quality, or its text breaks a policy. Other templates are not affected.',
      remedy:
        'Use another approved template, or improve this one and submit it again. A pause ends by itself, a disabled template stays so.',
    },
    es: {
      title: 'La plantilla está pausada, desactivada o incumple una política',
      detail: 'Meta detuvo esta plantilla por baja calidad, o su texto incumple una política. Las demás plantillas no se ven afectadas.',
      remedy:
        'Use otra plantilla aprobada, o mejore esta y envíela de nuevo a revisión. Una pausa termina sola; una plantilla desactivada no vuelve.',
    },
  }),
  refusedUpstream('template_refused', {
    upstream: [...range(132002, 132004), 132006, ...range(132008, 132011), 132013, 132014],
    source: SOURCE.errorsUnverified,
    en: {
      title: 'Meta refused the template',
      detail: 'The code is one that Meta keeps for templates, without a published meaning. Meta said: {message}',
      remedy: 'Compare the template and its parameters with the approved version; keep the fbtrace_id for 360dialog support.',
    },
    es: {
      title: 'Meta rechazó la plantilla',
      detail: 'El código es de los que Meta reserva para plantillas, sin un significado publicado. Meta dijo: {message}',
      remedy: 'Compare la plantilla y sus parámetros con la versión aprobada; guarde el fbtrace_id para el soporte de 360dialog.',
    },
  }),
] as const;
