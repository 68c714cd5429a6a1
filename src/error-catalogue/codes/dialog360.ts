import { entriesFrom, range, SOURCE } from './entry.js';

const { aboutNumber, refusedUpstream, unavailable } = entriesFrom(SOURCE.dialog360);

/**
 * What 360dialog refuses of its own, what lies between it and Meta (its login there, closed endpoints, faults of either),
 * and the codes for unknown refusals.
 */
export const dialog360Codes = [
  unavailable('number_unproven', {
    source: SOURCE.gateway,
    title: ['The number of the key is not proven', 'No está comprobado de qué número es la clave'],
    detail: [
      '360dialog has not said to which number D360_API_KEY belongs (GET /health_status: {message}). Until it does, nothing is sent with the key: it could be that of another number.',
      '360dialog no ha dicho a qué número pertenece D360_API_KEY (GET /health_status: {message}). Mientras no lo diga, no se envía nada con la clave: podría ser la de otro número.',
    ],
    remedy: [
      'Try again after Retry-After: the gateway keeps asking. If it lasts, run `npm run diagnose`: where 360dialog refuses GET /health_status, ask its support to open it for the number; where it answers and names no number, set D360_PHONE_NUMBER_ID.',
      'Reintente después de lo que indica Retry-After: el gateway sigue preguntando. Si persiste, ejecute `npm run diagnose`: si 360dialog rechaza GET /health_status, pida a su soporte que lo habilite para el número; si responde y no nombra ningún número, configure D360_PHONE_NUMBER_ID.',
    ],
  }),
  aboutNumber('other_number', {
    source: SOURCE.gateway,
    title: ['The key belongs to another number', 'La clave pertenece a otro número'],
    detail: [
      '360dialog says that the key is the one of number {named}, but it should be that of number {expected}. Nothing was sent.',
      '360dialog dice que la clave es la del número {named}, pero debería ser la del número {expected}. No se envió nada.',
    ],
    remedy: [
      'For the number of the environment set D360_API_KEY to the key of number {expected}, or run `npm run numbers -- replace-environment`, and start the gateway again; for a number of /api/numbers send its own key.',
      'Para el número del entorno, configure en D360_API_KEY la clave del número {expected} o ejecute `npm run numbers -- replace-environment`, y vuelva a iniciar el gateway; para un número de /api/numbers, envíe la clave de ese número.',
    ],
  }),
  refusedUpstream('upstream_refused', {
    source: SOURCE.gateway,
    title: ['Refused upstream', '360dialog o Meta rechazaron la solicitud'],
    detail: [
      '360dialog or Meta refused the request for a reason that the catalogue does not know. They said: {message}',
      '360dialog o Meta rechazaron la solicitud por un motivo que el catálogo no conoce. Dijeron: {message}',
    ],
    remedy: [
      'Act on the words and the code in `upstream`; if they do not help, give the fbtrace_id to 360dialog support.',
      'Guíese por el mensaje y el código en `upstream`; si no bastan, entregue el fbtrace_id al soporte de 360dialog.',
    ],
  }),
  refusedUpstream('upstream_reason_missing', {
    source: `${SOURCE.dialog360}; ${SOURCE.calling}; reports of integrators (2026-11-28), of which none counts causes: the order is that of how often they name one`,
    title: ['Refused without a reason, as “Bad request”', 'Rechazo sin motivo, como “Bad request”'],
    detail: [
      '360dialog or Meta refused the request and gave no code. For an outbound call these are the usual causes, the most frequent first: 1. the person has given no permission, or it has expired; 2. calling is switched off for the number, or SIP is on; 3. the body is not what Meta expects: an action that does not exist (request_permission), a missing messaging_product, or `to` with other characters than digits; 4. the SDP is spoilt: lines without \\r\\n, escaped twice, or no offer; 5. the number may not call: messaging limit below 2,000 when calling is switched on, its country, a restriction by Meta; 6. 360dialog itself: rate limit, overdue invoices, a cancelled number.',
      '360dialog o Meta rechazaron la solicitud y no dieron ningún código. En una llamada saliente, estas son las causas habituales, de la más a la menos frecuente: 1. la persona no dio permiso o este venció; 2. las llamadas están desactivadas en el número o SIP está activado; 3. el cuerpo no es el que Meta espera: una acción que no existe (request_permission), falta messaging_product o `to` tiene caracteres que no son dígitos; 4. el SDP está dañado: líneas sin \\r\\n, escapado dos veces o sin offer; 5. el número no puede llamar: límite de mensajes menor que 2000 al activar las llamadas, su país, una restricción de Meta; 6. el propio 360dialog: límite de frecuencia, facturas vencidas o número cancelado.',
    ],
    remedy: [
      'Run `npm run diagnose -- --to NUMBER`: it checks causes 1, 2 and 5 for this number and this person, and changes nothing. Then `npm run test-call -- --to NUMBER` sends a body and an SDP that are right: when it rings, the fault is in yours. Last look at the number in the 360dialog Hub.',
      'Ejecute `npm run diagnose -- --to NÚMERO --lang es`: revisa las causas 1, 2 y 5 para este número y esta persona, y no cambia nada. Después, `npm run test-call -- --to NÚMERO --lang es` envía un cuerpo y un SDP correctos: si suena, el error está en los suyos. Por último, revise el número en el Hub de 360dialog.',
    ],
  }),
  refusedUpstream('upstream_path_unknown', {
    source: SOURCE.dialog360,
    title: ['No such path at 360dialog', 'Esa ruta no existe en 360dialog'],
    detail: [
      'The server knows no such path, or not with this method. The usual causes, the most frequent first: 1. the base URL is not https://waba-v2.360dialog.io (the sandbox and the older hosts have no calls); 2. the path is written as Meta writes it, with the id of the number or a version: 360dialog adds them itself; 3. another method than POST /calling/calls, POST /messages or GET /calling/permissions/USER.',
      'El servidor no conoce esa ruta, o no con ese método. Las causas habituales, de la más a la menos frecuente: 1. la URL base no es https://waba-v2.360dialog.io (el sandbox y los servidores antiguos no tienen llamadas); 2. la ruta está escrita como la escribe Meta, con el id del número o una versión: 360dialog los agrega por su cuenta; 3. un método distinto de POST /calling/calls, POST /messages o GET /calling/permissions/USER.',
    ],
    remedy: [
      'Check D360_BASE_URL and the path, then run `npm run diagnose`. If both are right, ask 360dialog support whether calling is enabled for the number.',
      'Revise D360_BASE_URL y la ruta; después ejecute `npm run diagnose -- --lang es`. Si ambas son correctas, pregunte al soporte de 360dialog si las llamadas están habilitadas para el número.',
    ],
  }),
  refusedUpstream('upstream_key_rejected', {
    source: `${SOURCE.dialog360}; ${SOURCE.dialog360Keys}`,
    title: ['360dialog did not accept the API key of the number', '360dialog no aceptó la clave de API del número'],
    detail: [
      'D360_API_KEY is wrong or was replaced: making a new key in the Hub revokes every earlier key of the number.',
      'D360_API_KEY es incorrecta o fue reemplazada: al crear una clave nueva en el Hub se revocan todas las anteriores del número.',
    ],
    remedy: [
      'The owner puts the newest key of this number into D360_API_KEY, restarts the gateway and registers the webhook again.',
      'El responsable debe poner la clave más reciente de este número en D360_API_KEY, reiniciar el gateway y registrar otra vez el webhook.',
    ],
  }),
  refusedUpstream('upstream_unreadable', {
    retryable: true,
    rang: 'maybe',
    source: SOURCE.gateway,
    title: ['The answer of 360dialog could not be read', 'No se pudo leer la respuesta de 360dialog'],
    detail: [
      '360dialog answered with something other than the agreed JSON, so it is unknown what the request did.',
      '360dialog respondió algo distinto del JSON acordado, por lo que no se sabe qué efecto tuvo la solicitud.',
    ],
    remedy: [
      'For a reading, try again. For a dial or a message, look at the call first: a webhook tells what became of it.',
      'Si era una consulta, reintente. Si se marcaba o se enviaba un mensaje, consulte primero la llamada: un webhook dirá qué pasó.',
    ],
  }),
  aboutNumber('number_suspended', {
    title: ['360dialog has disabled the API for this number', '360dialog desactivó la API de este número'],
    detail: [
      'The number was cancelled, is unpaid or was disabled for another reason, so 360dialog refuses every request for it.',
      'El número fue cancelado, tiene pagos pendientes o se desactivó por otro motivo, y 360dialog rechaza todas sus solicitudes.',
    ],
    remedy: [
      'Look at the state of the number in the 360dialog Hub and contact their support. It stays refused until they enable it again.',
      'Revise el estado del número en el Hub de 360dialog y contacte a su soporte. Se rechazará todo hasta que lo reactiven.',
    ],
  }),
  aboutNumber('invoices_overdue', {
    title: ['Sending is stopped because invoices are overdue', 'Los envíos están detenidos por facturas vencidas'],
    detail: [
      '360dialog has stopped sending for this account until its open invoices are paid.',
      '360dialog detuvo los envíos de esta cuenta hasta que se paguen las facturas pendientes.',
    ],
    remedy: [
      'Pay the open invoices in the 360dialog Hub, or have the partner settle them; sending starts again after the payment is booked.',
      'Pague las facturas pendientes en el Hub de 360dialog o pida al partner que las liquide; los envíos se reanudan al registrarse el pago.',
    ],
  }),
  refusedUpstream('partner_permission_denied', {
    title: ['The partner key may not do this', 'La clave de partner no tiene permiso para esto'],
    detail: [
      '360dialog says that the partner credentials have no permission for this. Calls are not affected, only figures for reports and the adoption of channels; no key was made or revoked.',
      '360dialog indica que las credenciales de partner no tienen permiso para esto. No afecta las llamadas, solo las cifras de los informes y la adopción de canales; no se creó ni revocó ninguna clave.',
    ],
    remedy: [
      'Check D360_PARTNER_ID and D360_PARTNER_API_KEY: both must belong to the same partner and to the channel of this number. A client that pays 360dialog itself, or has removed the access of its partner, makes its key in the Hub.',
      'Revise D360_PARTNER_ID y D360_PARTNER_API_KEY: ambos deben ser del mismo partner y del canal de este número. Un cliente que paga directamente a 360dialog, o que quitó el acceso a su partner, crea su clave en el Hub.',
    ],
  }),
  refusedUpstream('integration_unavailable', {
    retryable: true,
    rang: 'maybe',
    title: ['The number is not running at 360dialog', 'El número no está activo en 360dialog'],
    detail: [
      '360dialog answered that the WhatsApp Business API of this number is not available: it is not set up, or not running just now.',
      '360dialog respondió que la API de WhatsApp Business de este número no está disponible: no está configurada o no funciona en este momento.',
    ],
    remedy: [
      'Wait some minutes and try again; if it lasts, ask 360dialog support whether the number is live on the Cloud API.',
      'Espere unos minutos y reintente; si persiste, pregunte al soporte de 360dialog si el número está activo en la Cloud API.',
    ],
  }),
  refusedUpstream('upstream_login_failed', {
    upstream: [0, 190],
    source: SOURCE.errors,
    title: ['Meta did not accept the login of 360dialog', 'Meta no aceptó el acceso de 360dialog'],
    detail: [
      'The access that 360dialog holds at Meta for this number has expired or was withdrawn. It is not the API key of this gateway.',
      'El acceso que 360dialog tiene en Meta para este número venció o fue retirado. No se trata de la clave de API de este gateway.',
    ],
    remedy: [
      'Ask 360dialog support to renew the connection of the number and give them the fbtrace_id. Calls stay refused until then.',
      'Pida al soporte de 360dialog que renueve la conexión del número e indíquele el fbtrace_id. Hasta entonces las llamadas se rechazan.',
    ],
  }),
  refusedUpstream('upstream_forbidden', {
    upstream: [3, 10, ...range(200, 299), 131005],
    source: `${SOURCE.errors}; ${SOURCE.dialog360}`,
    title: ['This operation is not open to the number', 'Esta operación no está habilitada para el número'],
    detail: [
      '360dialog blocks the endpoint, or Meta says that a permission of the app or the account is missing. It has not been enabled for this number.',
      '360dialog bloquea el endpoint, o Meta indica que falta un permiso de la aplicación o de la cuenta. No se ha habilitado para este número.',
    ],
    remedy: [
      'Ask 360dialog support to enable calling (the /calling paths) for the number; quote `upstream`. It changes only when they act.',
      'Pida al soporte de 360dialog que habilite las llamadas (las rutas /calling) y cite `upstream`. Solo cambia cuando ellos actúan.',
    ],
  }),
  refusedUpstream('upstream_error', {
    retryable: true,
    rang: 'maybe',
    upstream: [1, 2, 131000, 131016, 133004],
    source: `${SOURCE.errors}; ${SOURCE.dialog360}`,
    title: ['360dialog or Meta had a fault of their own', '360dialog o Meta tuvieron una falla propia'],
    detail: [
      'The service answered with an internal or temporary error. For a dial this leaves open whether the phone rang.',
      'El servicio respondió con un error interno o temporal. Si se estaba marcando, no queda claro si el teléfono sonó.',
    ],
    remedy: [
      'Try again after some seconds; for a dial look at the call first and never repeat it blindly. If it lasts, see the status pages of Meta and 360dialog.',
      'Reintente en unos segundos; si estaba marcando, consulte primero la llamada y nunca la repita a ciegas. Si persiste, consulte las páginas de estado de Meta y 360dialog.',
    ],
  }),
  refusedUpstream('account_in_maintenance', {
    retryable: true,
    rang: 'maybe',
    upstream: [131057],
    source: SOURCE.errors,
    title: ['Meta is maintaining the account', 'Meta está haciendo mantenimiento en la cuenta'],
    detail: [
      'The business account is in maintenance mode, for example while its throughput is being raised.',
      'La cuenta comercial está en mantenimiento, por ejemplo mientras se amplía su capacidad de envío.',
    ],
    remedy: [
      'Wait some minutes and try again; it ends by itself. For a dial look at the call first.',
      'Espere unos minutos y reintente; termina por sí solo. Si estaba marcando, consulte primero la llamada.',
    ],
  }),
] as const;
