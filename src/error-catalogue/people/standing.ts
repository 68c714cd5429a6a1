import type { standingCodes } from '../codes/standing.js';
import { type PeopleFor, toPeople } from './people.js';

export const standingPeople: PeopleFor<typeof standingCodes> = {
  user_is_active: toPeople(
    'There is a call with {name} that is not over. Delete the person afterwards.',
    'Hay una llamada con {name} que no ha terminado. Borre a la persona después.',
    'open_call',
  ),
  not_allowed_now: toPeople(
    'WhatsApp does not allow this with {name} now. Write instead, and try again in a day.',
    'WhatsApp no permite esto ahora con {name}. Escriba un mensaje e inténtelo en un día.',
    'call_again_at',
  ),
  permission_request_failed: toPeople(
    'The request for permission did not reach {name}. Check the number, or let them call you.',
    'La solicitud de permiso no llegó a {name}. Revise el número o espere a que llame.',
    'correct_number',
  ),
  permission_denied: toPeople(
    '{name} does not want to be called. Write instead; they can still change their mind.',
    '{name} no quiere recibir llamadas. Escriba un mensaje; todavía puede cambiar de opinión.',
    'open_person',
  ),
  permission_expired: toPeople(
    'The permission of {name} has run out. Ask again.',
    'El permiso de {name} venció. Vuelva a pedirlo.',
    'ask_permission',
  ),
  agent_holds_thread: toPeople(
    'The assistant of Meta is chatting with {name}. If you ask now, you must go on with the chat.',
    'El asistente de Meta conversa con {name}. Si pide permiso ahora, usted debe seguir la conversación.',
    'wait',
  ),
  webhook_unregistered: toPeople(
    'No news of calls reaches this gateway, since 360dialog does not know its address.',
    'A este gateway no le llegan avisos de llamadas: 360dialog no conoce su dirección.',
    'contact_administrator',
  ),
  webhook_elsewhere: toPeople(
    'The news of your calls goes to another system, so this gateway misses it.',
    'Los avisos de sus llamadas van a otro sistema, así que este gateway no se entera.',
    'contact_administrator',
  ),
  webhook_silent: toPeople(
    'No news of a call has arrived although it was due. Call your number to test it.',
    'No ha llegado ningún aviso de llamada cuando debía. Llame a su número para probarlo.',
    'contact_administrator',
  ),
  no_listener: toPeople(
    'Nobody is there to take calls: no console is open that can answer.',
    'No hay quien conteste: ninguna consola que pueda contestar está abierta.',
    'open_softphone',
  ),
  check_in_progress: toPeople(
    'A check is already running. Wait some seconds.',
    'Ya hay una verificación en curso. Espere unos segundos.',
    'wait',
  ),
};
