import { entriesFrom, SOURCE } from './entry.js';

const { aboutNumber, badInput, broken, headersTooLarge, malformed, notFound, tooLarge, tooSlow, unavailable, wrongMediaType } = entriesFrom(
  SOURCE.gateway,
);

/** Our own words about a request as such: what was written, what is not there, and what we cannot do just now. */
export const requestCodes = [
  badInput('invalid_request', {
    title: ['Invalid input', 'Datos no válidos'],
    detail: [
      'At least one field is missing, unknown or has a value that is not allowed. Nothing was sent to 360dialog.',
      'Al menos un campo falta, no se reconoce o tiene un valor no permitido. No se envió nada a 360dialog.',
    ],
    remedy: [
      'Correct the fields named in `errors` and send the request again.',
      'Corrija los campos que indica `errors` y repita la solicitud.',
    ],
  }),
  badInput('invalid_json', {
    title: ['The body is not JSON', 'El cuerpo no es JSON'],
    detail: [
      'The body could not be read as JSON. Nothing was sent to 360dialog.',
      'No fue posible leer el cuerpo como JSON. No se envió nada a 360dialog.',
    ],
    remedy: [
      'Send one well-formed JSON object in UTF-8; in an SDP each line ends with \\r\\n, escaped once.',
      'Envíe un solo objeto JSON bien formado en UTF-8; en un SDP cada línea termina con \\r\\n, escapado una sola vez.',
    ],
  }),
  badInput('unknown_number', {
    title: ['Not one of our numbers', 'Ese número no es nuestro'],
    detail: [
      'The given phone_number_id is not a number that this gateway speaks for.',
      'El phone_number_id indicado no corresponde a ningún número de este gateway.',
    ],
    remedy: [
      'Leave phone_number_id out to use the configured number, or give the one that GET /api/calling/status shows.',
      'Omita phone_number_id para usar el número configurado o indique el que muestra GET /api/calling/status.',
    ],
  }),
  badInput('idempotency_key_reused', {
    title: ['Idempotency key used for another request', 'Clave de idempotencia usada en otra solicitud'],
    detail: [
      'This Idempotency-Key was already used within the last 72 hours for a request with another path or body, or, where the answer shows a secret, under another key, token or session.',
      'Esta Idempotency-Key ya se usó en las últimas 72 horas con otra ruta u otro cuerpo o, si la respuesta muestra un secreto, con otra clave, otro token u otra sesión.',
    ],
    remedy: [
      'Make a new key for each new operation; repeat a key only with exactly the same request.',
      'Genere una clave nueva para cada operación; repítala solo con exactamente la misma solicitud.',
    ],
  }),
  badInput('invalid_idempotency_key', {
    title: ['Invalid Idempotency-Key', 'Idempotency-Key no válida'],
    detail: [
      'The Idempotency-Key header is empty, too long or has characters outside printable ASCII.',
      'El encabezado Idempotency-Key está vacío, es demasiado largo o contiene caracteres fuera del ASCII imprimible.',
    ],
    remedy: [
      'Send one value of 1 to 255 printable characters, such as a UUID.',
      'Envíe un valor de 1 a 255 caracteres imprimibles, por ejemplo un UUID.',
    ],
  }),
  tooLarge('payload_too_large', {
    title: ['The body is too large', 'El cuerpo es demasiado grande'],
    detail: [
      'The body is larger than the gateway accepts on this path. It was not kept.',
      'El cuerpo supera el tamaño que el gateway admite en esta ruta. No se guardó.',
    ],
    remedy: [
      'Send a smaller body; an SDP of one audio call needs a few kilobytes.',
      'Envíe un cuerpo más pequeño; el SDP de una llamada de audio ocupa unos pocos kilobytes.',
    ],
  }),
  malformed('malformed_request', {
    title: ['The request is not HTTP', 'La solicitud no es HTTP'],
    detail: [
      'The request could not be read as HTTP/1.1: a line, a header or a length is malformed, or Host is missing. Nothing of it was read.',
      'No fue posible leer la solicitud como HTTP/1.1: una línea, un encabezado o una longitud está mal formada, o falta Host. No se leyó nada de ella.',
    ],
    remedy: [
      'Send the request with an ordinary HTTP client. If one was used, find out which proxy on the way changes the request.',
      'Envíe la solicitud con un cliente HTTP habitual. Si ya lo hace, averigüe qué proxy intermedio modifica la solicitud.',
    ],
  }),
  headersTooLarge('headers_too_large', {
    title: ['The headers are too large', 'Los encabezados son demasiado grandes'],
    detail: [
      'The headers of the request, with its path, are larger than 16 KiB. Nothing else of it was read.',
      'Los encabezados de la solicitud, junto con la ruta, superan los 16 KiB. No se leyó nada más de ella.',
    ],
    remedy: [
      'Send fewer or shorter headers; a browser may hold cookies of other applications on the same host.',
      'Envíe menos encabezados o encabezados más cortos; un navegador puede guardar cookies de otras aplicaciones en el mismo host.',
    ],
  }),
  tooSlow('request_timeout', {
    retryable: true,
    title: ['The request came too slowly', 'La solicitud llegó con demasiada lentitud'],
    detail: [
      'The headers did not arrive within 5 seconds, or the body not within 10. Nothing was done.',
      'Los encabezados no llegaron en 5 segundos o el cuerpo no llegó en 10. No se hizo nada.',
    ],
    remedy: [
      'Send the request again, as one piece; over a slow connection, look for a proxy that holds it back.',
      'Repita la solicitud y envíela de una vez; si la conexión es lenta, compruebe si un proxy la retiene.',
    ],
  }),
  wrongMediaType('unsupported_media_type', {
    title: ['Unsupported content type', 'Tipo de contenido no admitido'],
    detail: [
      'The body came with a Content-Type that this path does not read.',
      'El cuerpo llegó con un Content-Type que esta ruta no sabe leer.',
    ],
    remedy: ['Send JSON with "Content-Type: application/json".', 'Envíe JSON con "Content-Type: application/json".'],
  }),
  wrongMediaType('unsupported_content_encoding', {
    title: ['Unsupported content encoding', 'Codificación del contenido no admitida'],
    detail: [
      'The body came with "Content-Encoding: {encoding}", which this gateway cannot decode. It was not read, and nothing was kept.',
      'El cuerpo llegó con "Content-Encoding: {encoding}", que este gateway no sabe decodificar. No se leyó ni se guardó nada.',
    ],
    remedy: [
      'Send the body without an encoding, or with exactly one of gzip, deflate and br. Where a proxy compresses bodies on their way, switch that off.',
      'Envíe el cuerpo sin codificación, o con una sola de estas: gzip, deflate o br. Si un proxy comprime los cuerpos en el camino, desactívelo.',
    ],
  }),
  malformed('malformed_content_encoding', {
    title: ['The body is not encoded as it says', 'El cuerpo no tiene la codificación que indica'],
    detail: [
      'The body came with "Content-Encoding: {encoding}" and could not be decoded: it is damaged, cut off, or not encoded at all. Nothing was kept.',
      'El cuerpo llegó con "Content-Encoding: {encoding}" y no se pudo decodificar: está dañado, incompleto o no viene codificado. No se guardó nada.',
    ],
    remedy: [
      'Send the whole body in the encoding that its header names, or leave the header out. Look at the proxies in between: one that decodes a body must drop the header.',
      'Envíe el cuerpo completo con la codificación que indica la cabecera, u omita la cabecera. Revise los proxies intermedios: si uno decodifica el cuerpo, debe quitar la cabecera.',
    ],
  }),
  aboutNumber('forwarding_off', {
    title: ['Deliveries are not forwarded', 'Las entregas no se reenvían'],
    detail: [
      'This gateway has no forward target, so there is nowhere to post a delivery again.',
      'Este gateway no tiene un destino de reenvío, así que no hay adónde volver a enviar una entrega.',
    ],
    remedy: [
      'Set WEBHOOK_FORWARD_URL (and WEBHOOK_FORWARD_HEADERS, if the target needs them) and restart the gateway.',
      'Defina WEBHOOK_FORWARD_URL (y WEBHOOK_FORWARD_HEADERS, si el destino las necesita) y reinicie el gateway.',
    ],
  }),
  badInput('endpoint_not_verified', {
    title: ['The endpoint did not say that it wants events', 'El destino no confirmó que quiere recibir eventos'],
    detail: [
      'This gateway asks each endpoint once before it delivers, and the answer was not the one it needs; `errors` tells it.',
      'Este gateway pregunta una vez a cada destino antes de entregarle eventos y la respuesta no fue la esperada; vea `errors`.',
    ],
    remedy: [
      'Answer the POST of type endpoint.verify with 2xx and {"challenge": "<its data.challenge>"}, then send the request again.',
      'Responda al POST de tipo endpoint.verify con 2xx y {"challenge": "<su data.challenge>"}; después repita la solicitud.',
    ],
  }),
  notFound('not_found', {
    title: ['Not found', 'No encontrado'],
    detail: [
      'There is nothing under this id, or it was erased after its retention time.',
      'No hay nada con ese identificador, o se borró al cumplirse su plazo de conservación.',
    ],
    remedy: [
      'Check the id; the lists of the same path show what exists.',
      'Revise el identificador; la lista de la misma ruta muestra lo que existe.',
    ],
  }),
  notFound('route_not_found', {
    title: ['No such path', 'La ruta no existe'],
    detail: [
      'The gateway has no operation under this method and path.',
      'El gateway no ofrece ninguna operación con ese método y esa ruta.',
    ],
    remedy: [
      'Look the operation up in /docs; mind the method and the hyphens.',
      'Busque la operación en /docs; fíjese en el método y en los guiones.',
    ],
  }),
  notFound('call_not_found', {
    title: ['Call not found', 'Llamada no encontrada'],
    detail: [
      'No call has this id, neither as an id of the gateway nor as a wacid.',
      'Ninguna llamada tiene ese identificador, ni como id del gateway ni como wacid.',
    ],
    remedy: [
      'Percent-encode ids in paths and find the call with GET /api/calling/calls.',
      'Codifique el identificador con porcentajes cuando vaya en la ruta y busque la llamada con GET /api/calling/calls.',
    ],
  }),
  notFound('code_not_found', {
    title: ['No such code in the catalogue', 'Ese código no está en el catálogo'],
    detail: [
      'The error catalogue knows neither a code of this name nor a number of Meta with this value.',
      'El catálogo de errores no conoce ningún código con ese nombre ni un número de Meta con ese valor.',
    ],
    remedy: [
      'See GET /api/calling/errors for all codes, or paste the whole error body into POST /api/calling/errors/explain.',
      'Consulte todos los códigos en GET /api/calling/errors o pegue el error completo en POST /api/calling/errors/explain.',
    ],
  }),
  unavailable('upstream_unavailable', {
    title: ['360dialog cannot be reached', 'No hay conexión con 360dialog'],
    detail: [
      'No connection to 360dialog could be made, so nothing was sent and nobody was called.',
      'No se logró establecer la conexión con 360dialog: no se envió nada y no se llamó a nadie.',
    ],
    remedy: [
      'Try again after Retry-After. If it lasts, check DNS, firewall and D360_BASE_URL, and the status page of 360dialog.',
      'Reintente después de lo que indica Retry-After. Si persiste, revise el DNS, el firewall, D360_BASE_URL y la página de estado de 360dialog.',
    ],
  }),
  unavailable('upstream_circuit_open', {
    title: ['Requests to 360dialog are paused after failures in a row', 'Las solicitudes a 360dialog están en pausa tras fallas seguidas'],
    detail: [
      'The latest requests to 360dialog all failed: no connection, no answer in time, or a fault of theirs. The gateway sent nothing and called nobody; only hang-ups and rejections are still sent.',
      'Las últimas solicitudes a 360dialog fallaron todas: sin conexión, sin respuesta a tiempo o por una falla suya. El gateway no envió nada ni llamó a nadie; solo se siguen enviando los cortes y los rechazos de llamadas.',
    ],
    remedy: [
      'Try again at `retry_at`: the gateway then sends one request, and every request once that one succeeds. If it lasts, check the network and the status page of 360dialog; `upstream` in GET /api/calling/status shows the state.',
      'Reintente en `retry_at`: el gateway envía entonces una solicitud y, si esta tiene éxito, todas las demás. Si persiste, revise la red y la página de estado de 360dialog; `upstream` en GET /api/calling/status muestra el estado.',
    ],
  }),
  unavailable('upstream_busy', {
    title: ['Too many requests to 360dialog are under way', 'Hay demasiadas solicitudes a 360dialog en curso'],
    detail: [
      'The gateway sends at most 32 requests to 360dialog at a time, and none of those under way ended within 2 seconds. Nothing was sent and nobody was called.',
      'El gateway envía como máximo 32 solicitudes a la vez a 360dialog y ninguna de las que estaban en curso terminó en 2 segundos. No se envió nada y no se llamó a nadie.',
    ],
    remedy: [
      'Try again after Retry-After: a request may be sent as soon as another ends, which takes D360_TIMEOUT_MS at most. If it lasts, 360dialog answers slowly: see its status page.',
      'Reintente después de lo que indica Retry-After: se puede enviar una solicitud en cuanto termina otra, lo que tarda como máximo D360_TIMEOUT_MS. Si persiste, 360dialog responde con lentitud: vea su página de estado.',
    ],
  }),
  unavailable('store_unavailable', {
    title: ['The database does not answer', 'La base de datos no responde'],
    detail: [
      'The gateway could not write to its database; without that it neither dials nor accepts a delivery.',
      'El gateway no pudo escribir en su base de datos; sin ella no marca ni acepta entregas.',
    ],
    remedy: [
      'Try again after Retry-After. The owner checks DATABASE_URL, free disk space and locks.',
      'Reintente después de lo que indica Retry-After. El responsable debe revisar DATABASE_URL, el espacio en disco y los bloqueos.',
    ],
  }),
  unavailable('inbox_full', {
    title: ['The inbox is full', 'La bandeja de entrada está llena'],
    detail: [
      'More webhook deliveries wait than the inbox may hold, so this one was not kept.',
      'Hay más entregas de webhook pendientes de las que admite la bandeja, así que esta no se guardó.',
    ],
    remedy: [
      '360dialog delivers again by itself for up to 7 days. The owner finds out why the worker lags: see /metrics and the log.',
      '360dialog vuelve a entregarla por su cuenta durante un máximo de 7 días. El responsable debe averiguar en /metrics y en el registro por qué se atrasa el proceso.',
    ],
  }),
  unavailable('too_many_bodies', {
    title: ['Too many bodies at once', 'Demasiados cuerpos a la vez'],
    detail: [
      'The bodies of all requests under way take as much memory as they may (BODY_MEMORY_MIB), so this one was not read.',
      'Los cuerpos de todas las solicitudes en curso ocupan toda la memoria permitida (BODY_MEMORY_MIB), así que este no se leyó.',
    ],
    remedy: [
      'Try again after Retry-After. If it lasts, the owner finds out in /metrics and the log of the proxy who sends so much.',
      'Reintente después de lo que indica Retry-After. Si persiste, el responsable debe averiguar en /metrics y en el registro del proxy quién envía tanto.',
    ],
  }),
  unavailable('shutting_down', {
    title: ['The gateway is shutting down', 'El gateway se está deteniendo'],
    detail: [
      'The gateway finishes what it has begun and takes on nothing new.',
      'El gateway termina lo que ya empezó y no admite nada nuevo.',
    ],
    remedy: [
      'Send the request again in a few seconds, with the same Idempotency-Key if it had one.',
      'Repita la solicitud en unos segundos, con la misma Idempotency-Key si llevaba una.',
    ],
  }),
  broken('internal_error', {
    rang: 'maybe',
    title: ['Internal error', 'Error interno'],
    detail: [
      'Something happened that the gateway did not expect. It is a fault of the gateway, not of the request.',
      'Ocurrió algo que el gateway no esperaba. La falla es del gateway, no de la solicitud.',
    ],
    remedy: [
      'Look at the call log before you dial again, then report the X-Request-Id of this answer to the owner.',
      'Revise el historial de llamadas antes de volver a marcar y comunique al responsable el X-Request-Id de esta respuesta.',
    ],
  }),
] as const;
