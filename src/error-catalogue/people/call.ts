import type { callCodes } from '../codes/call.js';
import { type PeopleFor, toPeople } from './people.js';

export const callPeople: PeopleFor<typeof callCodes> = {
  call_in_progress: toPeople(
    'There is a call with {name} already. End it, or go on with it.',
    'Ya hay una llamada con {name}. Termínela o continúe con ella.',
    'open_call',
  ),
  request_in_progress: toPeople(
    'This is still being done. It is not done twice.',
    'Esto todavía se está haciendo. No se hace dos veces.',
    'wait',
  ),
  call_claimed: toPeople('A colleague is answering this call.', 'Otra persona de su equipo está contestando esta llamada.', 'none'),
  call_ended: toPeople(
    'The call is over. To speak with {name}, call again.',
    'La llamada terminó. Para hablar con {name}, llame de nuevo.',
    'call_again',
  ),
  call_already_answered: toPeople('The call was answered already.', 'La llamada ya fue contestada.', 'open_call'),
  call_not_ready: toPeople(
    'This call cannot be dialled: it waits for permission, or was dialled already.',
    'Esta llamada no se puede marcar: espera el permiso o ya se marcó.',
    'wait',
  ),
  call_not_ringing: toPeople('This call is not ringing any more.', 'Esta llamada ya no está sonando.', 'open_call'),
  wrong_direction: toPeople(
    'This is not possible with a call in this direction.',
    'Esto no es posible con una llamada en este sentido.',
    'contact_administrator',
  ),
  session_required: toPeople(
    'The sound of this call was not prepared, so it was not answered.',
    'No se preparó el audio de esta llamada, así que no se contestó.',
    'retry',
  ),
  answer_mismatch: toPeople(
    'Another window has prepared the sound of this call. Answer it there.',
    'Otra ventana preparó el audio de esta llamada. Contéstela allí.',
    'none',
  ),
  lease_held: toPeople(
    'This call is spoken in a window of a colleague.',
    'Esta llamada está abierta en la ventana de otra persona de su equipo.',
    'open_call',
  ),
  lease_lost: toPeople('Another window has taken over the sound of this call.', 'Otra ventana tomó el audio de esta llamada.', 'open_call'),
  lease_lapsed: toPeople(
    'The call ended because your window was closed or lost its network.',
    'La llamada terminó porque su ventana se cerró o perdió la red.',
    'call_again',
  ),
  outcome_unknown: toPeople(
    'It is not known yet whether the phone of {name} rang. Do not dial again; the answer follows.',
    'Aún no se sabe si sonó el teléfono de {name}. No vuelva a marcar; la respuesta llegará.',
    'wait',
  ),
  call_failed: toPeople('WhatsApp ended the call and gave no reason.', 'WhatsApp terminó la llamada sin dar un motivo.', 'call_again'),
};
