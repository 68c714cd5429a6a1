import type { callingCodes } from '../codes/calling.js';
import { type PeopleFor, toPeople } from './people.js';

export const callingPeople: PeopleFor<typeof callingCodes> = {
  calling_disabled: toPeople(
    'Calling is turned off for your business number, so nobody can call or be called.',
    'Las llamadas están desactivadas en su número, así que no puede llamar ni recibir llamadas.',
    'turn_calling_on',
  ),
  user_unreachable: toPeople(
    'WhatsApp cannot reach {name}: not on WhatsApp, or with an old version. Write instead.',
    'WhatsApp no puede comunicar con {name}: no está en WhatsApp o su versión es antigua. Escríbale.',
    'call_again_at',
  ),
  concurrent_calls_limit: toPeople(
    'Your number has as many calls at once as it may. Try again when one has ended.',
    'Su número tiene todas las llamadas simultáneas permitidas. Reintente cuando termine alguna.',
    'retry',
  ),
  user_busy: toPeople(
    'WhatsApp still sees a call with {name} that has not ended.',
    'WhatsApp aún ve una llamada con {name} que no ha terminado.',
    'call_again',
  ),
  rate_limited: toPeople(
    'WhatsApp was asked too often in a short time. Nothing was done.',
    'Se consultó a WhatsApp demasiadas veces en poco tiempo. No se hizo nada.',
    'call_again_at',
  ),
  permission_required: toPeople(
    '{name} has not allowed your business to call. Ask for permission first.',
    '{name} no ha permitido que su empresa llame. Pida permiso primero.',
    'ask_permission',
  ),
  permission_request_limit_reached: toPeople(
    '{name} was asked lately; WhatsApp allows one request a day and two a week.',
    'Hace poco se pidió permiso a {name}; WhatsApp permite una solicitud al día y dos por semana.',
    'ask_again_at',
  ),
  call_limit_reached: toPeople(
    'You have spoken with {name} as often as WhatsApp allows in one day.',
    'Ya habló con {name} todas las veces que WhatsApp permite en un día.',
    'call_again_at',
  ),
  country_not_supported: toPeople(
    'Numbers of your country may not place WhatsApp calls. People can still call you.',
    'Los números de su país no pueden hacer llamadas de WhatsApp. Sí pueden recibirlas.',
    'contact_administrator',
  ),
  calling_restricted: toPeople(
    'WhatsApp has paused your calls for some days, after people complained.',
    'WhatsApp pausó sus llamadas por unos días, tras quejas de personas.',
    'call_again_at',
  ),
  restriction_unknown: toPeople(
    'WhatsApp reports a restriction of your number that may affect calls. You can still try.',
    'WhatsApp informa una restricción de su número que puede afectar las llamadas. Puede intentarlo.',
    'contact_administrator',
  ),
  messaging_limit_too_low: toPeople(
    'Your business may not write to enough people a day yet for calling to be turned on.',
    'Su empresa aún no puede escribir a suficientes personas al día para activar las llamadas.',
    'open_eligibility',
  ),
  permission_already_permanent: toPeople(
    '{name} has allowed your calls for good. There is no need to ask.',
    '{name} permitió sus llamadas de forma permanente. No hace falta pedir permiso.',
    'call_again',
  ),
  calling_prerequisites_missing: toPeople(
    'Your number is not set up to receive news of calls yet. 360dialog can do that.',
    'Su número aún no está preparado para recibir avisos de llamadas. 360dialog puede hacerlo.',
    'contact_administrator',
  ),
  not_call_primary: toPeople(
    'The calls of your number belong to another provider. Your administrator can change that at Meta.',
    'Las llamadas de su número corresponden a otro proveedor. Su administrador puede cambiarlo en Meta.',
    'contact_administrator',
  ),
  sip_enabled: toPeople(
    'The calls of your number go to a telephone system, not here.',
    'Las llamadas de su número van a una central telefónica, no aquí.',
    'contact_administrator',
  ),
  sip_not_configured: toPeople(
    'No telephone system is connected to your number. None is needed here.',
    'Su número no está conectado a una central telefónica. Aquí no hace falta.',
    'none',
  ),
  undocumented_calling_code: toPeople(
    'WhatsApp refused the call for a reason that it does not explain.',
    'WhatsApp rechazó la llamada por un motivo que no explica.',
    'contact_administrator',
  ),
};
