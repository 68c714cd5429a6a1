import { entriesFrom, SOURCE } from './entry.js';

const { aboutNumber, badInput, denied, tooMany, unauthenticated } = entriesFrom(SOURCE.gateway);

/** Our own words about who asks, from where, for which number, and how often. */
export const accessCodes = [
  unauthenticated('unauthenticated', {
    title: ['No valid API key', 'Falta una clave de API válida'],
    detail: [
      'The request carries no API key or token of this gateway, or one that is unknown, revoked or expired.',
      'La solicitud no trae una clave de API ni un token de este gateway, o el que trae es desconocido, fue revocado o ya venció.',
    ],
    remedy: [
      'Send "Authorization: Bearer <api key>". Make a key with `npm run keys`; a browser token is renewed through POST /api/tokens.',
      'Envíe "Authorization: Bearer <clave de API>". Las claves se crean con `npm run keys`; el token del navegador se renueva con POST /api/tokens.',
    ],
  }),
  denied('insufficient_scope', {
    title: ['The key may not do this', 'La clave no tiene permiso para esta operación'],
    detail: [
      'The key is valid, but it lacks what this request needs: {scope}.',
      'La clave es válida, pero le falta lo que esta solicitud exige: {scope}.',
    ],
    remedy: [
      'Use a key that has these scopes, or ask the owner of the gateway to make one.',
      'Use una clave que tenga esos alcances o pida a quien administra el gateway que cree una.',
    ],
  }),
  denied('key_suspended', {
    title: ['The key is suspended', 'La clave está suspendida'],
    detail: [
      'Somebody who manages keys has suspended this one. It is valid, and refused until the suspension is undone; so are its sessions and browser tokens. Nothing was sent.',
      'Alguien que administra claves suspendió esta. Es válida y se rechaza hasta que la suspensión se deshaga, igual que sus sesiones y tokens de navegador. No se envió nada.',
    ],
    remedy: [
      'Ask the owner of the gateway why. With another key, `npm run keys -- resume ID` or PATCH /api/keys/ID with `suspended: false` puts it back into use.',
      'Pregunte el motivo a quien administra el gateway. Con otra clave, `npm run keys -- resume ID` o PATCH /api/keys/ID con `suspended: false` la vuelve a habilitar.',
    ],
  }),
  denied('origin_not_allowed', {
    title: ['This web page may not call the gateway', 'Esta página web no puede usar el gateway'],
    detail: [
      'The browser sent an Origin that is not on the list of allowed origins.',
      'El navegador envió un Origin que no figura en la lista de orígenes permitidos.',
    ],
    remedy: [
      'Add the exact origin (scheme, host and port) to CORS_ORIGINS and restart the gateway.',
      'Agregue el origen exacto (esquema, host y puerto) a CORS_ORIGINS y reinicie el gateway.',
    ],
  }),
  unauthenticated('webhook_unauthorized', {
    title: ['Webhook delivery without the agreed secret', 'Entrega de webhook sin el secreto acordado'],
    detail: [
      'The delivery did not carry the bearer token under which the webhook was registered; it was not kept.',
      'La entrega no trajo el token con el que se registró el webhook, por lo que no se guardó.',
    ],
    remedy: [
      'Register the webhook again with `npm run register-webhook` so that 360dialog replays D360_WEBHOOK_TOKEN.',
      'Vuelva a registrar el webhook con `npm run register-webhook` para que 360dialog reenvíe D360_WEBHOOK_TOKEN.',
    ],
  }),
  unauthenticated('metrics_unauthorized', {
    title: ['Metrics need their token', 'Las métricas exigen su token'],
    detail: [
      'METRICS_TOKEN is set, and the request does not carry it as its bearer token.',
      'METRICS_TOKEN está definido y la solicitud no lo trae como token.',
    ],
    remedy: [
      'Send "Authorization: Bearer <METRICS_TOKEN>". In Prometheus, set `authorization.credentials_file` of the scrape job to a file that holds the token.',
      'Envíe "Authorization: Bearer <METRICS_TOKEN>". En Prometheus, indique en `authorization.credentials_file` del trabajo un archivo que contenga el token.',
    ],
  }),
  unauthenticated('webhook_signature_missing', {
    source: SOURCE.signature,
    title: ['Webhook delivery without a signature', 'Entrega de webhook sin firma'],
    detail: [
      'D360_WEBHOOK_SIGNING_SECRET is set, so each delivery must carry x-360dialog-signature; this one did not. It was not kept.',
      'D360_WEBHOOK_SIGNING_SECRET está definido, así que cada entrega debe traer x-360dialog-signature; esta no la trajo. No se guardó.',
    ],
    remedy: [
      'Look at `webhook.signature` in GET /api/calling/status. If 360dialog does not sign the webhook of this number, set D360_WEBHOOK_SIGNATURE=observe or unset the secret, and restart; 360dialog delivers again.',
      'Revise `webhook.signature` en GET /api/calling/status. Si 360dialog no firma el webhook de este número, ponga D360_WEBHOOK_SIGNATURE=observe o quite el secreto, y reinicie; 360dialog vuelve a entregar.',
    ],
  }),
  unauthenticated('webhook_signature_invalid', {
    source: SOURCE.signature,
    title: ['Webhook delivery with a wrong signature', 'Entrega de webhook con una firma incorrecta'],
    detail: [
      'The signature in x-360dialog-signature does not fit the bytes of the body: the secret is another one, or something on the way has changed the body. It was not kept.',
      'La firma de x-360dialog-signature no corresponde a los bytes del cuerpo: el secreto es otro o algo en el camino cambió el cuerpo. No se guardó.',
    ],
    remedy: [
      'Compare D360_WEBHOOK_SIGNING_SECRET with the secret at 360dialog, and see that no proxy rewrites bodies. D360_WEBHOOK_SIGNATURE=observe lets deliveries in while you look; 360dialog delivers again what was refused.',
      'Compare D360_WEBHOOK_SIGNING_SECRET con el secreto en 360dialog y verifique que ningún proxy reescriba los cuerpos. Con D360_WEBHOOK_SIGNATURE=observe las entregas entran mientras lo revisa; 360dialog vuelve a entregar lo rechazado.',
    ],
  }),
  tooMany('too_many_requests', {
    title: ['Too many requests to the gateway', 'Demasiadas solicitudes al gateway'],
    detail: [
      'This client asked the gateway more often than it allows. Nothing was sent to 360dialog.',
      'Este cliente superó el ritmo de solicitudes que admite el gateway. No se envió nada a 360dialog.',
    ],
    remedy: [
      'Wait for as long as Retry-After says, then go slower; follow GET /api/events instead of polling.',
      'Espere el tiempo que indica Retry-After y baje el ritmo; escuche GET /api/events en lugar de consultar una y otra vez.',
    ],
  }),
  tooMany('key_budget_used', {
    title: ['The limit of this key is reached', 'Se alcanzó el límite de esta clave'],
    detail: [
      'The key may do no more of this now, by its own limit {limit}: its dials or permission requests of the day are used up, or its quiet hours hold. Nothing was sent.',
      'La clave no puede hacer más de esto por ahora, por su propio límite {limit}: agotó las llamadas o las solicitudes de permiso del día, o está en sus horas de silencio. No se envió nada.',
    ],
    remedy: [
      'Ask again from `retry_at` on. The owner of the gateway changes the limits with PATCH /api/keys/….',
      'Vuelva a intentarlo a partir de `retry_at`. Quien administra el gateway cambia los límites con PATCH /api/keys/….',
    ],
  }),
  aboutNumber('too_many_subscriptions', {
    title: ['The gateway has as many subscriptions as it takes', 'El gateway ya tiene todas las suscripciones que admite'],
    detail: [
      'This gateway has 1,000 subscriptions, paused and disabled ones included. No other one was made.',
      'Este gateway tiene 1,000 suscripciones, incluidas las pausadas y las desactivadas. No se creó ninguna más.',
    ],
    remedy: [
      'Delete subscriptions that nobody needs (GET /api/subscriptions lists them), or let one server take the events and pass them on.',
      'Elimine las suscripciones que nadie necesite (GET /api/subscriptions las lista) o deje que un solo servidor reciba los eventos y los reparta.',
    ],
  }),
  aboutNumber('too_many_report_deliveries', {
    title: ['There are as many report deliveries as are taken', 'Ya existen todos los envíos de informes que se admiten'],
    detail: [
      'A key has at most 50 report deliveries, and a gateway 1,000; stopped ones count as well. No other one was made.',
      'Una clave tiene como máximo 50 envíos de informes, y un gateway 1,000; los detenidos también cuentan. No se creó ninguno más.',
    ],
    remedy: [
      'Delete deliveries that nobody reads (GET /api/compliance/report-deliveries lists them), or send to a mailing list.',
      'Elimine los envíos que nadie lea (GET /api/compliance/report-deliveries los lista) o envíe a una lista de correo.',
    ],
  }),
  aboutNumber('report_delivery_exists', {
    title: ['This reader already gets these reports', 'Este destinatario ya recibe estos informes'],
    detail: [
      'A delivery of this key sends the same reports to the same address as often. It stays as it is, and no other one was made.',
      'Un envío de esta clave ya manda los mismos informes a la misma dirección con la misma frecuencia. Sigue como está y no se creó ninguno más.',
    ],
    remedy: [
      'Use the delivery that is there (GET /api/compliance/report-deliveries), or delete it first to change its language or time zone.',
      'Use el envío que ya existe (GET /api/compliance/report-deliveries) o elimínelo primero para cambiar su idioma o su zona horaria.',
    ],
  }),
  aboutNumber('mail_not_configured', {
    title: ['The gateway cannot send mail', 'El gateway no puede enviar correo'],
    detail: [
      'No mail server is configured, so no report can be sent to a mail address. Nothing was kept.',
      'No hay un servidor de correo configurado, así que no se pueden enviar informes a una dirección de correo. No se guardó nada.',
    ],
    remedy: [
      'Set SMTP_URL and, if its user is no address, MAIL_FROM, and restart the gateway; or give an https: address, which gets a signed POST.',
      'Defina SMTP_URL y, si su usuario no es una dirección, MAIL_FROM, y reinicie el gateway; o indique una dirección https:, que recibe un POST firmado.',
    ],
  }),
  tooMany('too_many_confirmations', {
    title: ['Too many addresses were asked today', 'Hoy ya se preguntó a demasiadas direcciones'],
    detail: [
      'A gateway asks at most 50 new mail addresses in 24 hours whether they want reports, so that nobody floods strangers through it. Nothing was sent.',
      'Un gateway pregunta como máximo a 50 direcciones nuevas en 24 horas si quieren informes, para que nadie moleste a desconocidos a través de él. No se envió nada.',
    ],
    remedy: [
      'Try again from `retry_at` on. Addresses of your own company need no question: name its domain in REPORT_RECIPIENTS.',
      'Vuelva a intentarlo a partir de `retry_at`. Las direcciones de su empresa no necesitan confirmación: indique su dominio en REPORT_RECIPIENTS.',
    ],
  }),
  aboutNumber('secrets_key_missing', {
    title: ['The gateway has no SECRETS_KEY', 'El gateway no tiene SECRETS_KEY'],
    detail: [
      'This request brings a secret that is kept sealed, and there is no key to seal it with. Nothing was kept.',
      'Esta solicitud trae un secreto que se guarda sellado, y no hay una clave con la cual sellarlo. No se guardó nada.',
    ],
    remedy: [
      'Make a key with `npm run secrets -- new`, set SECRETS_KEY to it on every replica, keep a copy apart from the backups of the database, and restart.',
      'Cree una clave con `npm run secrets -- new`, póngala en SECRETS_KEY en cada réplica, guarde una copia aparte de los respaldos de la base y reinicie.',
    ],
  }),
  aboutNumber('secret_unreadable', {
    title: ['The secret of the subscription cannot be read', 'No se puede leer el secreto de la suscripción'],
    detail: [
      'The sealed secret of this subscription does not open: SECRETS_KEY lacks its key, or it was changed or moved in the database. Nothing was signed or sent.',
      'El secreto sellado de esta suscripción no se abre: falta su clave en SECRETS_KEY, o se modificó o movió en la base de datos. No se firmó ni se envió nada.',
    ],
    remedy: [
      'If `disabled_reason` is `secret_unreadable`, make a new secret with POST …/rotate-secret of the subscription, give it to the consumer and resume with PATCH. Otherwise give every replica the same SECRETS_KEY; `npm run secrets -- status` names the keys.',
      'Si `disabled_reason` es `secret_unreadable`, cree un secreto nuevo con POST …/rotate-secret de la suscripción, entréguelo al consumidor y reanude con PATCH. Si no, dé a todas las réplicas la misma SECRETS_KEY; `npm run secrets -- status` nombra las claves.',
    ],
  }),
  badInput('number_required', {
    title: ['Which number is not clear', 'No está claro de qué número se trata'],
    detail: [
      'The request names no number, and more than one could be meant. Nothing was sent to 360dialog.',
      'La solicitud no indica ningún número y podría tratarse de más de uno. No se envió nada a 360dialog.',
    ],
    remedy: [
      'Give phone_number_id, the id of one of your numbers at Meta.',
      'Indique phone_number_id, el identificador de uno de sus números en Meta.',
    ],
  }),
] as const;
