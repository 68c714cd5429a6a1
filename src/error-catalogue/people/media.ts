import type { mediaCodes } from '../codes/media.js';
import { type PeopleFor, toPeople } from './people.js';

export const mediaPeople: PeopleFor<typeof mediaCodes> = {
  connection_failed: toPeople(
    'The connection to {name} could not be made. The phone may have rung.',
    'No se pudo conectar con {name}. Puede que el teléfono haya sonado.',
    'call_again',
  ),
  connect_timeout: toPeople(
    'The connection to {name} took too long. The phone may have rung.',
    'La conexión con {name} tardó demasiado. Puede que el teléfono haya sonado.',
    'call_again',
  ),
  media_setup_failed: toPeople(
    'The WhatsApp of {name} could not prepare the call.',
    'El WhatsApp de {name} no pudo preparar la llamada.',
    'call_again',
  ),
  relay_unreachable: toPeople(
    'The network of {name} did not let the call through. Try again later.',
    'La red de {name} no dejó pasar la llamada. Inténtelo más tarde.',
    'call_again',
  ),
  no_media_received: toPeople(
    'No sound from you reached {name}, so the call ended. Check your microphone and network.',
    'A {name} no le llegó su voz y la llamada terminó. Revise su micrófono y su red.',
    'call_again',
  ),
  no_media_sent: toPeople(
    'No sound came from {name} any more, so the call ended.',
    'Dejó de llegar sonido de {name}, así que la llamada terminó.',
    'call_again',
  ),
  no_media_signals: toPeople(
    'It is not known whether you and {name} heard each other.',
    'No se sabe si usted y {name} se escucharon.',
    'call_again',
  ),
};
