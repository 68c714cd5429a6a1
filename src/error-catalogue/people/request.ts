import type { requestCodes } from '../codes/request.js';
import { type PeopleFor, toPeople } from './people.js';

export const requestPeople: PeopleFor<typeof requestCodes> = {
  invalid_request: toPeople(
    'Something in what was entered is missing or not accepted. Nothing was done.',
    'Algo de lo que se escribió falta o no se acepta. No se hizo nada.',
    'correct_input',
  ),
  invalid_json: toPeople(
    'What was sent could not be read. Nothing was done.',
    'No se pudo leer lo enviado. No se hizo nada.',
    'contact_administrator',
  ),
  unknown_number: toPeople(
    'This business number does not exist here. Choose another one.',
    'Este número de la empresa no existe aquí. Elija otro.',
    'open_numbers',
  ),
  idempotency_key_reused: toPeople(
    'This was sent before with other contents, so nothing was done now.',
    'Esto ya se envió antes con otro contenido, así que ahora no se hizo nada.',
    'retry',
  ),
  invalid_idempotency_key: toPeople(
    'What was sent could not be read. Nothing was done.',
    'No se pudo leer lo enviado. No se hizo nada.',
    'retry',
  ),
  payload_too_large: toPeople(
    'What was sent is too large. Nothing was kept.',
    'Lo que se envió es demasiado grande. No se guardó nada.',
    'correct_input',
  ),
  malformed_request: toPeople(
    'What was sent was damaged on its way. Nothing was done.',
    'Lo que se envió se dañó en el camino. No se hizo nada.',
    'retry',
  ),
  headers_too_large: toPeople(
    'The browser sends too much with each request. Delete its cookies for this address.',
    'El navegador envía demasiado en cada solicitud. Borre sus cookies de esta dirección.',
    'retry',
  ),
  request_timeout: toPeople(
    'Your connection was too slow, and nothing was done.',
    'Su conexión fue demasiado lenta y no se hizo nada.',
    'retry',
  ),
  unsupported_media_type: toPeople(
    'What was sent is in a form that cannot be read here. Nothing was done.',
    'Lo que se envió está en un formato que aquí no se puede leer. No se hizo nada.',
    'contact_administrator',
  ),
  unsupported_content_encoding: toPeople(
    'What was sent is compressed in a way that cannot be read here.',
    'Lo que se envió está comprimido de una forma que aquí no se puede leer.',
    'contact_administrator',
  ),
  malformed_content_encoding: toPeople(
    'What was sent was damaged on its way. Nothing was kept.',
    'Lo que se envió se dañó en el camino. No se guardó nada.',
    'retry',
  ),
  forwarding_off: toPeople(
    'No other system is set to receive the news of this number.',
    'No hay otro sistema configurado para recibir los avisos de este número.',
    'contact_administrator',
  ),
  endpoint_not_verified: toPeople(
    'The server that shall receive events did not confirm that it wants them.',
    'El servidor que debe recibir los eventos no confirmó que los quiera.',
    'contact_administrator',
  ),
  not_found: toPeople(
    'This does not exist, or was deleted when its time was over.',
    'Esto no existe o se borró al cumplirse su plazo.',
    'open_overview',
  ),
  route_not_found: toPeople('This gateway does not offer this.', 'Este gateway no ofrece esto.', 'contact_administrator'),
  call_not_found: toPeople(
    'There is no such call, or it was deleted when its time was over.',
    'Esa llamada no existe o se borró al cumplirse su plazo.',
    'open_calls',
  ),
  code_not_found: toPeople('Nothing is known about this error.', 'No se sabe nada de este error.', 'contact_administrator'),
  upstream_unavailable: toPeople(
    '360dialog cannot be reached just now. Nothing was sent and nobody was called.',
    'No hay conexión con 360dialog en este momento. No se envió nada ni se llamó a nadie.',
    'call_again_at',
  ),
  upstream_circuit_open: toPeople(
    '360dialog did not answer several times, so there is a short pause. Nobody was called.',
    '360dialog no respondió varias veces, así que hay una breve pausa. No se llamó a nadie.',
    'call_again_at',
  ),
  upstream_busy: toPeople(
    '360dialog answers slowly just now. Nothing was sent and nobody was called.',
    '360dialog responde con lentitud en este momento. No se envió nada ni se llamó a nadie.',
    'call_again_at',
  ),
  store_unavailable: toPeople(
    'The gateway cannot save anything just now, so it does nothing. It tries again by itself.',
    'El gateway no puede guardar nada en este momento, así que no hace nada. Reintenta por sí solo.',
    'retry',
  ),
  inbox_full: toPeople(
    'News comes in faster than it is read. It is delivered again later.',
    'Llegan avisos más rápido de lo que se leen. Se entregan de nuevo más tarde.',
    'wait',
  ),
  too_many_bodies: toPeople(
    'The gateway is very busy just now. Nothing was done.',
    'El gateway está muy ocupado en este momento. No se hizo nada.',
    'retry',
  ),
  shutting_down: toPeople(
    'The gateway is restarting. Try again in a few seconds.',
    'El gateway se está reiniciando. Reintente en unos segundos.',
    'retry',
  ),
  internal_error: toPeople(
    'The gateway has made a mistake. Look at the call log before you call again.',
    'El gateway tuvo una falla. Mire el registro de llamadas antes de volver a llamar.',
    'contact_administrator',
  ),
};
