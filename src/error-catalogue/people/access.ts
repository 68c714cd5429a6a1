import type { accessCodes } from '../codes/access.js';
import { type PeopleFor, toPeople } from './people.js';

export const accessPeople: PeopleFor<typeof accessCodes> = {
  unauthenticated: toPeople(
    'You are not signed in: the key is unknown or no longer valid, or your session has ended.',
    'No ha iniciado sesión: la clave es desconocida o ya no es válida, o su sesión terminó.',
    'sign_in',
  ),
  insufficient_scope: toPeople(
    'Your key does not allow this. Your administrator can give you one that does.',
    'Su clave no permite esto. Su administrador puede darle una que sí lo permita.',
    'contact_administrator',
  ),
  key_suspended: toPeople(
    'Your key is suspended, so nothing was done. Your administrator can put it back into use.',
    'Su clave está suspendida y no se hizo nada. Su administrador puede volver a habilitarla.',
    'contact_administrator',
  ),
  origin_not_allowed: toPeople(
    'This page was opened at an address that the gateway does not trust.',
    'Esta página se abrió en una dirección en la que el gateway no confía.',
    'contact_administrator',
  ),
  webhook_unauthorized: toPeople(
    'News from 360dialog came without its password and was refused.',
    'Llegaron avisos de 360dialog sin su contraseña y se rechazaron.',
    'contact_administrator',
  ),
  metrics_unauthorized: toPeople(
    'The measurements of the gateway need a password of their own.',
    'Las mediciones del gateway exigen una contraseña propia.',
    'contact_administrator',
  ),
  webhook_signature_missing: toPeople(
    'News from 360dialog came unsigned and was refused.',
    'Llegaron avisos de 360dialog sin firma y se rechazaron.',
    'contact_administrator',
  ),
  webhook_signature_invalid: toPeople(
    'News from 360dialog came with a wrong signature and was refused.',
    'Llegaron avisos de 360dialog con una firma incorrecta y se rechazaron.',
    'contact_administrator',
  ),
  too_many_requests: toPeople(
    'Too much was asked of the gateway in a short time. It answers again in a moment.',
    'Se pidió demasiado al gateway en poco tiempo. Vuelve a responder en un momento.',
    'retry',
  ),
  key_budget_used: toPeople(
    'Your key has reached its limit for now: its calls of the day, or its quiet hours.',
    'Su clave llegó a su límite por ahora: sus llamadas del día o sus horas de silencio.',
    'call_again_at',
  ),
  too_many_subscriptions: toPeople(
    'There are as many subscriptions as the gateway takes. Delete one that nobody needs.',
    'Ya hay todas las suscripciones que admite el gateway. Elimine una que nadie necesite.',
    'contact_administrator',
  ),
  secrets_key_missing: toPeople(
    'The gateway has no way to keep secrets safe yet. Your administrator sets it up.',
    'El gateway aún no tiene cómo guardar secretos. Su administrador lo configura.',
    'contact_administrator',
  ),
  secret_unreadable: toPeople(
    'The gateway cannot read a secret that it keeps, so nothing was sent.',
    'El gateway no puede leer un secreto que guarda, así que no se envió nada.',
    'contact_administrator',
  ),
  number_required: toPeople(
    'There are several business numbers, and it is not clear which one is meant.',
    'Hay varios números de la empresa y no está claro cuál se quiere usar.',
    'open_numbers',
  ),
  too_many_report_deliveries: toPeople(
    'There are as many report mailings as the gateway takes. Delete one that nobody reads.',
    'Ya hay todos los envíos de informes que admite el gateway. Elimine uno que nadie lea.',
    'correct_input',
  ),
  report_delivery_exists: toPeople(
    'This reader already gets these reports this often. Delete that mailing first to change it.',
    'Este destinatario ya recibe estos informes con esta frecuencia. Elimine antes ese envío para cambiarlo.',
    'correct_input',
  ),
  mail_not_configured: toPeople(
    'The gateway has no mail server yet, so it cannot send reports by mail.',
    'El gateway aún no tiene un servidor de correo, así que no puede enviar informes por correo.',
    'contact_administrator',
  ),
  too_many_confirmations: toPeople(
    'Too many new addresses were asked today. Nothing was sent; try again tomorrow.',
    'Hoy ya se preguntó a demasiadas direcciones nuevas. No se envió nada; inténtelo mañana.',
    'wait',
  ),
};
