import type { messageCodes } from '../codes/message.js';
import { type PeopleFor, toPeople } from './people.js';

export const messagePeople: PeopleFor<typeof messageCodes> = {
  message_type_unsupported: toPeople(
    'Your number may not send requests for permission. 360dialog can enable that.',
    'Su número no puede enviar solicitudes de permiso. 360dialog puede habilitarlo.',
    'contact_administrator',
  ),
  not_a_permission_request: toPeople(
    'From here you can only ask for permission to call.',
    'Desde aquí solo puede pedir permiso para llamar.',
    'none',
  ),
  template_media_failed: toPeople(
    'WhatsApp could not read the file of the message template.',
    'WhatsApp no pudo leer el archivo de la plantilla del mensaje.',
    'contact_administrator',
  ),
  template_unavailable: toPeople(
    'The message template does not exist, or is not approved yet.',
    'La plantilla del mensaje no existe o aún no está aprobada.',
    'contact_administrator',
  ),
  template_parameters_invalid: toPeople(
    'The values do not fit the message template.',
    'Los valores no corresponden a la plantilla del mensaje.',
    'contact_administrator',
  ),
  template_paused: toPeople(
    'WhatsApp has stopped this message template. Use another one.',
    'WhatsApp detuvo esta plantilla de mensaje. Use otra.',
    'contact_administrator',
  ),
  template_refused: toPeople(
    'WhatsApp refused the message template and gave no reason.',
    'WhatsApp rechazó la plantilla del mensaje sin dar un motivo.',
    'contact_administrator',
  ),
};
