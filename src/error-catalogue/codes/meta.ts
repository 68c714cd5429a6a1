import { entriesFrom, SOURCE } from './entry.js';

const { aboutNumber, aboutPerson, badInput, tooMany } = entriesFrom(SOURCE.errors);

/** Meta's generic codes that these endpoints have answered with: input, account, person, rate. */
export const metaCodes = [
  badInput('invalid_parameter', {
    upstream: [100],
    source: SOURCE.calling,
    title: ['Meta refused a parameter', 'Meta rechazó un parámetro'],
    detail: [
      'Something in the request is not as Meta wants it, most often the SDP. Meta said: {message}',
      'Algo en la solicitud no es como Meta lo pide; casi siempre es el SDP. Meta dijo: {message}',
    ],
    remedy: [
      'Correct what `upstream.details` names. An SDP needs CRLF line ends, one sha-256 fingerprint and Opus; connect sends an "offer", accept an "answer" with a=setup:active.',
      'Corrija lo que indica `upstream.details`. Un SDP exige líneas terminadas en CRLF, una sola huella sha-256 y Opus; al conectar se envía "offer" y al aceptar "answer" con a=setup:active.',
    ],
  }),
  badInput('invalid_message_parameter', {
    upstream: [131008, 131009],
    title: ['A message parameter is missing or invalid', 'Falta un parámetro del mensaje o no es válido'],
    detail: [
      'Meta refused the message that asks for permission, or a call button that its sender country does not have: {message}',
      'Meta rechazó el mensaje que pide permiso, o un botón de llamada que no existe en el país del remitente: {message}',
    ],
    remedy: [
      'Check `body` and `template` (name, language and every component) against the template as approved. Call buttons exist only where calling does.',
      'Compare `body` y `template` (nombre, idioma y cada componente) con la plantilla aprobada. Los botones de llamada existen solo donde hay llamadas.',
    ],
  }),
  badInput('recipient_is_sender', {
    upstream: [131021],
    title: ['The number cannot call itself', 'El número no puede llamarse a sí mismo'],
    detail: ['Sender and recipient are the same number.', 'El remitente y el destinatario son el mismo número.'],
    remedy: [
      "Put the person's number into `to`, not the number of the business.",
      'Indique en `to` el número de la persona, no el de la empresa.',
    ],
  }),
  aboutNumber('number_deleted', {
    upstream: [33],
    title: ['The business number no longer exists at Meta', 'El número de la empresa ya no existe en Meta'],
    detail: ['Meta says that the business phone number was deleted.', 'Meta indica que el número de teléfono de la empresa fue eliminado.'],
    remedy: [
      'Check the number in the 360dialog Hub. If it was moved, use the key of its new place; otherwise register it again.',
      'Revise el número en el Hub de 360dialog. Si se migró, use la clave de su nueva ubicación; si no, regístrelo otra vez.',
    ],
  }),
  aboutNumber('number_not_registered', {
    upstream: [131045, 133010],
    title: ['The number is not registered', 'El número no está registrado'],
    detail: [
      'The number is not registered on the Cloud API, or its registration or certificate failed.',
      'El número no está registrado en la Cloud API, o falló su registro o su certificado.',
    ],
    remedy: [
      'Finish or repeat the registration of the number in the 360dialog Hub, or ask their support.',
      'Complete o repita el registro del número en el Hub de 360dialog, o consulte a su soporte.',
    ],
  }),
  aboutNumber('display_name_not_approved', {
    upstream: [131037],
    title: ['The display name still needs approval', 'Falta aprobar el nombre para mostrar'],
    detail: [
      'Meta lets the number write only after its display name was approved.',
      'Meta permite que el número envíe mensajes solo después de aprobar su nombre para mostrar.',
    ],
    remedy: [
      'See the state of the display name in WhatsApp Manager and correct it if it was rejected; it changes when Meta has reviewed it.',
      'Consulte el estado del nombre en el Administrador de WhatsApp y corríjalo si fue rechazado; cambia cuando Meta lo haya revisado.',
    ],
  }),
  aboutNumber('account_deleted', {
    title: ['The WhatsApp Business account was deleted', 'Se eliminó la cuenta de WhatsApp Business'],
    detail: [
      'Meta reported by webhook that the account of this number was deleted. Calls and messages are refused.',
      'Meta avisó por webhook que se eliminó la cuenta de este número. Las llamadas y los mensajes se rechazan.',
    ],
    remedy: [
      'See the account in Meta Business Suite and in the 360dialog Hub; register the number under another account if it is gone. This ends when Meta reports that the account is connected or reinstated, or takes on a call.',
      'Revise la cuenta en Meta Business Suite y en el Hub de 360dialog; si ya no existe, registre el número en otra cuenta. Termina cuando Meta avise que la cuenta está conectada o rehabilitada, o acepte una llamada.',
    ],
  }),
  aboutNumber('account_disabled', {
    title: ['Meta has disabled the account', 'Meta desactivó la cuenta'],
    detail: [
      'Meta reported by webhook (DISABLED_UPDATE) that the account of this number is banned. While the ban holds, calls and messages are refused.',
      'Meta avisó por webhook (DISABLED_UPDATE) que la cuenta de este número está vetada. Mientras dure, las llamadas y los mensajes se rechazan.',
    ],
    remedy: [
      'Request a review in Meta Business Suite under Account quality, and tell 360dialog support. This ends when Meta reports that the account is reinstated, or takes on a call.',
      'Pida una revisión en Meta Business Suite, en Calidad de la cuenta, y avise al soporte de 360dialog. Termina cuando Meta avise que la cuenta está rehabilitada, o acepte una llamada.',
    ],
  }),
  aboutNumber('account_disable_scheduled', {
    title: ['Meta is going to disable the account', 'Meta va a desactivar la cuenta'],
    detail: [
      'Meta reported by webhook that the account of this number will be disabled; `value` is the date, if Meta named one. Until then calls go on.',
      'Meta avisó por webhook que desactivará la cuenta de este número; `value` es la fecha, si Meta la indicó. Hasta entonces las llamadas siguen.',
    ],
    remedy: [
      'Request a review in Meta Business Suite under Account quality before that date. The warning ends when Meta reports that the account is reinstated, or takes on a call.',
      'Pida una revisión en Meta Business Suite, en Calidad de la cuenta, antes de esa fecha. La advertencia termina cuando Meta avise que la cuenta está rehabilitada, o acepte una llamada.',
    ],
  }),
  aboutNumber('account_disconnected', {
    title: ['The account was disconnected from the partner', 'La cuenta se desconectó del partner'],
    detail: [
      'Meta reported by webhook that a partner lost its access to the account of this number. If that partner is 360dialog, calls are refused; which partner it is, the webhook does not always say.',
      'Meta avisó por webhook que un partner perdió el acceso a la cuenta de este número. Si es 360dialog, las llamadas se rechazan; el webhook no siempre dice de qué partner se trata.',
    ],
    remedy: [
      'See in Meta Business Suite under Partners whether 360dialog still has access, and connect the account again in the 360dialog Hub. This ends when Meta reports that the account is connected, or takes on a call.',
      'Revise en Meta Business Suite, en Socios, si 360dialog conserva el acceso, y vuelva a conectar la cuenta en el Hub de 360dialog. Termina cuando Meta avise que la cuenta está conectada, o acepte una llamada.',
    ],
  }),
  aboutNumber('number_on_business_app', {
    source: 'https://docs.360dialog.com/docs/messaging/calling (2026-11-28)',
    title: ['The number is still in the WhatsApp Business app', 'El número sigue en la app WhatsApp Business'],
    detail: [
      '360dialog says that this number is used in the WhatsApp Business app as well (coexistence, COEX). Calling over the API is not supported for such numbers.',
      '360dialog indica que este número también se usa en la app WhatsApp Business (coexistencia, COEX). Las llamadas por la API no están disponibles para esos números.',
    ],
    remedy: [
      'Move the number to the Cloud API alone in the 360dialog Hub, or call from another number. The gateway reads it again with each poll of the partner API.',
      'Pase el número solo a la Cloud API en el Hub de 360dialog o llame desde otro número. El gateway lo lee otra vez en cada consulta de la API de partners.',
    ],
  }),
  aboutNumber('account_restricted', {
    upstream: [368],
    title: ['Meta has restricted the account', 'Meta restringió la cuenta'],
    detail: [
      'The account broke a policy of WhatsApp and may not do this for the time being.',
      'La cuenta incumplió una política de WhatsApp y por ahora no puede realizar esta operación.',
    ],
    remedy: [
      'See which policy and until when in WhatsApp Manager under Account quality, and request a review there.',
      'Vea qué política y hasta cuándo en el Administrador de WhatsApp, en Calidad de la cuenta, y pida ahí una revisión.',
    ],
  }),
  aboutNumber('account_locked', {
    upstream: [131031],
    title: ['The account is locked', 'La cuenta está bloqueada'],
    detail: [
      'Meta has locked the account because of a policy, or because its data could not be verified.',
      'Meta bloqueó la cuenta por una política o porque no pudo verificar sus datos.',
    ],
    remedy: [
      'Open the case in WhatsApp Manager or ask 360dialog support. It stays locked until Meta releases it.',
      'Abra el caso en el Administrador de WhatsApp o con el soporte de 360dialog. Sigue bloqueada hasta que Meta la libere.',
    ],
  }),
  aboutNumber('payment_required', {
    upstream: [131042, 131044],
    source: `${SOURCE.calling}; ${SOURCE.errors}`,
    title: ['Payment is not in order', 'El pago no está en orden'],
    detail: [
      'The account has no valid payment method or credit line, or a payment failed. Outbound calls need one, and the delivery of inbound calls too.',
      'La cuenta no tiene un método de pago o línea de crédito válidos, o falló un cobro. Lo exigen las llamadas salientes y también la entrega de las entrantes.',
    ],
    remedy: [
      'Set the payment right in the 360dialog Hub, or ask the partner who pays for the account. It works again as soon as Meta sees it.',
      'Regularice el pago en el Hub de 360dialog o consulte al partner que paga la cuenta. Funciona de nuevo en cuanto Meta lo registra.',
    ],
  }),
  aboutNumber('pick_up_rate_low', {
    source: SOURCE.permissions,
    title: ['Few of your calls are picked up', 'Contestan pocas de sus llamadas'],
    detail: [
      'After 2 calls in a row that a person did not pick up, WhatsApp asks that person whether you may still call; after 4 it takes the permission away.',
      'Tras 2 llamadas seguidas sin contestar, WhatsApp pregunta a la persona si usted puede seguir llamándola; tras 4, le quita el permiso.',
    ],
    remedy: [
      'Call at hours the person has agreed to, announce the call by message, and do not dial again right after a call that nobody took.',
      'Llame a la hora acordada, anuncie la llamada por mensaje y no vuelva a marcar enseguida después de una llamada sin contestar.',
    ],
  }),
  aboutNumber('inbound_pick_up_rate_low', {
    source: SOURCE.overview,
    title: ['Few calls of your customers are picked up', 'Se contestan pocas llamadas de sus clientes'],
    detail: [
      'Meta warns a number that leaves many calls of its users unanswered, then hides its call button until you show it again.',
      'Meta advierte al número que deja sin contestar muchas llamadas de sus usuarios y luego oculta el botón de llamada hasta que usted lo muestre de nuevo.',
    ],
    remedy: [
      'Have somebody subscribed at all call hours, or narrow the call hours. A hidden button comes back with call_icon_visibility DEFAULT in the settings.',
      'Tenga a alguien suscrito durante todo el horario de llamadas o reduzca ese horario. El botón oculto vuelve con call_icon_visibility DEFAULT en los ajustes.',
    ],
  }),
  aboutNumber('not_in_allow_list', {
    upstream: [131030],
    source: SOURCE.calling,
    title: ['The test number may not reach this person', 'El número de prueba no puede contactar a esta persona'],
    detail: [
      'A public test number reaches only recipients that were put on its list before.',
      'Un número de prueba público solo alcanza a los destinatarios agregados antes a su lista.',
    ],
    remedy: [
      'Add the recipient to the list of the test number, or use a real number.',
      'Agregue el destinatario a la lista del número de prueba o use un número real.',
    ],
  }),
  aboutPerson('recipient_country_restricted', {
    upstream: [130497],
    title: ["The person's country cannot be reached from this number", 'El país de la persona no se alcanza desde este número'],
    detail: [
      'Meta does not let this account reach people in that country.',
      'Meta no permite que esta cuenta contacte a personas de ese país.',
    ],
    remedy: [
      'Use a number that may; test numbers of the United States are the common case.',
      'Use un número habilitado; el caso más común son los números de prueba de Estados Unidos.',
    ],
  }),
  aboutPerson('window_closed', {
    upstream: [131047],
    source: SOURCE.permissions,
    title: ['The 24-hour window is closed', 'La ventana de 24 horas está cerrada'],
    detail: [
      'More than 24 hours have passed since the person last wrote or called, so a free-form permission request is not allowed.',
      'Pasaron más de 24 horas desde el último mensaje o llamada de la persona, así que no se admite una solicitud de permiso con texto libre.',
    ],
    remedy: [
      'Give an approved template with a call permission request in `template`, or wait until the person writes: that opens the window.',
      'Indique en `template` una plantilla aprobada con solicitud de permiso de llamada, o espere a que la persona escriba: eso abre la ventana.',
    ],
  }),
  aboutPerson('marketing_limit_reached', {
    retryable: true,
    upstream: [131049],
    title: ['This person gets no more marketing messages for now', 'Por ahora esta persona no recibe más mensajes de marketing'],
    detail: [
      'Meta limits how many marketing messages one person receives from all businesses, and held this one back.',
      'Meta limita cuántos mensajes de marketing recibe una persona de todas las empresas y retuvo este.',
    ],
    remedy: [
      'Use a UTILITY template to ask for permission, or wait some days; Meta names no moment.',
      'Pida el permiso con una plantilla UTILITY o espere unos días; Meta no indica el momento.',
    ],
  }),
  aboutPerson('user_opted_out', {
    upstream: [131050],
    title: ['The person wants no marketing messages from you', 'La persona no quiere recibir su publicidad'],
    detail: [
      'The person has opted out of marketing messages of this business, so the template was not delivered.',
      'La persona se dio de baja de los mensajes de marketing de esta empresa, por lo que la plantilla no se entregó.',
    ],
    remedy: [
      'Respect it. Where there is a running matter, ask with a UTILITY template, or wait until the person writes.',
      'Respételo. Si hay un trámite en curso, pida el permiso con una plantilla UTILITY o espere a que la persona escriba.',
    ],
  }),
  tooMany('pair_rate_limited', {
    upstream: [131056],
    title: ['Too many messages to this person in a short time', 'Demasiados mensajes seguidos a esta persona'],
    detail: [
      'Meta limits how fast one number may write to one person. Others can still be reached.',
      'Meta limita la rapidez con que un número escribe a una misma persona. A las demás sí se les puede escribir.',
    ],
    remedy: [
      'Wait some seconds, longer each time, before you write to this person again.',
      'Espere unos segundos, cada vez un poco más, antes de volver a escribirle.',
    ],
  }),
  tooMany('spam_rate_limited', {
    upstream: [131048],
    title: ['Held back because of quality', 'Envíos limitados por baja calidad'],
    detail: [
      'Too many earlier messages of this number were blocked or reported, so Meta limits what it may send.',
      'Demasiados mensajes anteriores de este número fueron bloqueados o reportados, y Meta limita lo que puede enviar.',
    ],
    remedy: [
      'Stop sending for a while and read the quality rating in WhatsApp Manager; the limit goes when the quality recovers.',
      'Deje de enviar un tiempo y revise la calidad en el Administrador de WhatsApp; el límite se levanta cuando la calidad mejora.',
    ],
  }),
] as const;
