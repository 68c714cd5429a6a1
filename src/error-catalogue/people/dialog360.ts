import type { dialog360Codes } from '../codes/dialog360.js';
import { type PeopleFor, toPeople } from './people.js';

export const dialog360People: PeopleFor<typeof dialog360Codes> = {
  number_unproven: toPeople(
    '360dialog has not confirmed yet which number this is, so nothing is sent.',
    '360dialog aún no confirma qué número es este, así que no se envía nada.',
    'retry',
  ),
  other_number: toPeople(
    'The connection is set up for another business number. Nothing was sent.',
    'La conexión está configurada para otro número de la empresa. No se envió nada.',
    'contact_administrator',
  ),
  upstream_refused: toPeople(
    'WhatsApp refused this for a reason that we do not know.',
    'WhatsApp rechazó esto por un motivo que no conocemos.',
    'contact_administrator',
  ),
  upstream_reason_missing: toPeople(
    'WhatsApp refused this without a reason. Most often {name} has not allowed calls.',
    'WhatsApp rechazó esto sin dar motivo. Lo más frecuente: {name} no ha permitido llamadas.',
    'open_person',
  ),
  upstream_path_unknown: toPeople(
    '360dialog does not offer this to your number. Your administrator must look at the connection.',
    '360dialog no ofrece esto a su número. Su administrador debe revisar la conexión.',
    'contact_administrator',
  ),
  upstream_key_rejected: toPeople(
    '360dialog no longer accepts the connection of your number. Your administrator must renew it.',
    '360dialog ya no acepta la conexión de su número. Su administrador debe renovarla.',
    'contact_administrator',
  ),
  upstream_unreadable: toPeople(
    '360dialog gave no readable answer. Look at the call before you try again.',
    '360dialog no dio una respuesta legible. Mire la llamada antes de reintentar.',
    'open_calls',
  ),
  number_suspended: toPeople(
    '360dialog has switched your number off. Only 360dialog can switch it on again.',
    '360dialog desactivó su número. Solo 360dialog puede volver a activarlo.',
    'contact_administrator',
  ),
  invoices_overdue: toPeople(
    'Invoices of 360dialog are open, so your number may send nothing until they are paid.',
    'Hay facturas de 360dialog pendientes; su número no puede enviar nada hasta que se paguen.',
    'contact_administrator',
  ),
  partner_permission_denied: toPeople(
    '360dialog does not give out some figures for reports. Calls are not affected.',
    '360dialog no entrega algunas cifras para los informes. Las llamadas no se ven afectadas.',
    'contact_administrator',
  ),
  integration_unavailable: toPeople(
    'WhatsApp is not running for your number just now. Wait some minutes.',
    'WhatsApp no está funcionando para su número en este momento. Espere unos minutos.',
    'retry',
  ),
  upstream_login_failed: toPeople(
    '360dialog has lost its access to your number at Meta, and must renew it.',
    '360dialog perdió su acceso a su número en Meta y debe renovarlo.',
    'contact_administrator',
  ),
  upstream_forbidden: toPeople(
    'This is not enabled for your number at 360dialog.',
    'Esto no está habilitado para su número en 360dialog.',
    'contact_administrator',
  ),
  upstream_error: toPeople(
    'WhatsApp has a fault just now. Look at the call before you try again.',
    'WhatsApp tiene una falla en este momento. Mire la llamada antes de reintentar.',
    'open_calls',
  ),
  account_in_maintenance: toPeople(
    'WhatsApp is working on your account. It ends by itself within minutes.',
    'WhatsApp está trabajando en su cuenta. Termina por sí solo en unos minutos.',
    'retry',
  ),
};
