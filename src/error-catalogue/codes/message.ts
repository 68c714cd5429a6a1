import { entriesFrom, range, SOURCE } from './entry.js';

const { aboutNumber, badInput, refusedUpstream } = entriesFrom(SOURCE.errorsUnverified);

/** Meta's codes of the messages and templates that ask for permission. */
export const messageCodes = [
  refusedUpstream('message_type_unsupported', {
    upstream: [131051],
    source: SOURCE.errors,
    title: ['Meta does not take this type of message', 'Meta no admite este tipo de mensaje'],
    detail: ['The number cannot send this type of message: {message}', 'El número no puede enviar este tipo de mensaje: {message}'],
    remedy: [
      'Ask 360dialog support whether call permission requests are enabled for the number; a template may work in the meantime.',
      'Pregunte al soporte de 360dialog si el número tiene habilitadas las solicitudes de permiso; mientras tanto puede servir una plantilla.',
    ],
  }),
  badInput('not_a_permission_request', {
    source: SOURCE.gateway,
    title: ['Only permission requests are sent from here', 'Desde aquí solo se envían solicitudes de permiso'],
    detail: [
      'The message is neither an interactive `call_permission_request` nor a template. Nothing was sent.',
      'El mensaje no es un `call_permission_request` interactivo ni una plantilla. No se envió nada.',
    ],
    remedy: [
      'Send other messages through the messaging API of 360dialog; this gateway asks for permission to call, and calls.',
      'Envíe los demás mensajes por la API de mensajería de 360dialog; este gateway pide permiso para llamar, y llama.',
    ],
  }),
  refusedUpstream('template_media_failed', {
    upstream: [131052, 131053],
    title: ['A media file could not be transferred', 'No se pudo transferir un archivo multimedia'],
    detail: [
      'Meta could not download or take the file of the message, such as the header of a template: {message}',
      'Meta no pudo descargar o procesar el archivo del mensaje, por ejemplo el encabezado de una plantilla: {message}',
    ],
    remedy: [
      'Check that the link is public, and the type and size of the file; then send the request again.',
      'Verifique que el enlace sea público y revise el tipo y el tamaño del archivo; luego repita la solicitud.',
    ],
  }),
  aboutNumber('template_unavailable', {
    upstream: [132001],
    title: ['There is no such template in this language', 'No existe esa plantilla en este idioma'],
    detail: [
      'The template does not exist for this number in the given language, or it has not been approved yet.',
      'La plantilla no existe para este número en el idioma indicado, o todavía no está aprobada.',
    ],
    remedy: [
      'Check name and language code against the list of templates in the 360dialog Hub; a new template works as soon as it is approved.',
      'Compare el nombre y el código de idioma con las plantillas del Hub de 360dialog; una plantilla nueva sirve en cuanto se aprueba.',
    ],
  }),
  badInput('template_parameters_invalid', {
    upstream: [132000, 132005, 132012],
    title: ['The template does not fit its parameters', 'Los parámetros no corresponden a la plantilla'],
    detail: [
      'The count, the format or the length of the given values differs from the approved template: {message}',
      'La cantidad, el formato o la longitud de los valores difiere de la plantilla aprobada: {message}',
    ],
    remedy: [
      'Give exactly the variables of the approved template in `template.components`; the permission button itself takes none.',
      'Indique en `template.components` exactamente las variables de la plantilla aprobada; el botón de permiso no lleva ninguna.',
    ],
  }),
  aboutNumber('template_paused', {
    upstream: [132007, 132015, 132016],
    title: ['The template is paused, disabled or against policy', 'La plantilla está pausada, desactivada o incumple una política'],
    detail: [
      'Meta has stopped this template for low quality, or its text breaks a policy. Other templates are not affected.',
      'Meta detuvo esta plantilla por baja calidad, o su texto incumple una política. Las demás plantillas no se ven afectadas.',
    ],
    remedy: [
      'Use another approved template, or improve this one and submit it again. A pause ends by itself, a disabled template stays so.',
      'Use otra plantilla aprobada, o mejore esta y envíela de nuevo a revisión. Una pausa termina sola; una plantilla desactivada no vuelve.',
    ],
  }),
  refusedUpstream('template_refused', {
    upstream: [...range(132002, 132004), 132006, ...range(132008, 132011), 132013, 132014],
    title: ['Meta refused the template', 'Meta rechazó la plantilla'],
    detail: [
      'The code is one that Meta keeps for templates, without a published meaning. Meta said: {message}',
      'El código es de los que Meta reserva para plantillas, sin un significado publicado. Meta dijo: {message}',
    ],
    remedy: [
      'Compare the template and its parameters with the approved version; keep the fbtrace_id for 360dialog support.',
      'Compare la plantilla y sus parámetros con la versión aprobada; guarde el fbtrace_id para el soporte de 360dialog.',
    ],
  }),
] as const;
