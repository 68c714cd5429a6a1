import { entriesFrom, SOURCE } from './entry.js';

const { aboutNumber, aboutPerson, refusedUpstream, tooMany } = entriesFrom(SOURCE.calling);

/** Meta's calling codes (138xxx) about whether a call may be made, and 131055 which belongs to them. */
export const callingCodes = [
  aboutNumber('calling_disabled', {
    upstream: [138000],
    title: ['Calling is switched off for this number', 'Las llamadas están desactivadas en este número'],
    detail: [
      'The calling setting of the business number is not ENABLED, so it can neither call nor be called.',
      'El ajuste de llamadas del número de la empresa no está en ENABLED, por lo que no puede llamar ni recibir llamadas.',
    ],
    remedy: [
      'Switch it on: PATCH /api/calling/settings with {"calling": {"status": "ENABLED"}}, or in WhatsApp Manager under Phone numbers > Calls.',
      'Actívelas con PATCH /api/calling/settings y {"calling": {"status": "ENABLED"}}, o en el Administrador de WhatsApp: Números de teléfono > Llamadas.',
    ],
  }),
  aboutPerson('user_unreachable', {
    upstream: [138001],
    title: ['This person cannot be called on WhatsApp', 'No se puede llamar a esta persona por WhatsApp'],
    detail: [
      'The number is not on WhatsApp, has not accepted its terms, or uses an app that does not support business calls. Nothing rang.',
      'El número no está en WhatsApp, no aceptó sus condiciones o usa una aplicación que no admite llamadas de empresas. El teléfono no sonó.',
    ],
    remedy: [
      'Check the number and write a message instead. It changes only when the person installs or updates WhatsApp; try again after some days.',
      'Revise el número y envíe un mensaje en su lugar. Solo cambia cuando la persona instala o actualiza WhatsApp; inténtelo de nuevo en unos días.',
    ],
  }),
  tooMany('concurrent_calls_limit', {
    upstream: [138002],
    title: ['Too many calls at the same time', 'Demasiadas llamadas simultáneas'],
    detail: [
      'The number already has as many simultaneous calls as Meta allows (1,000). This one did not ring.',
      'El número ya tiene todas las llamadas simultáneas que Meta permite (1000). Esta no llegó a sonar.',
    ],
    remedy: [
      'Try again as soon as other calls have ended; terminate those that nobody uses any more.',
      'Reintente en cuanto terminen otras llamadas; cierre las que ya nadie utiliza.',
    ],
  }),
  aboutPerson('user_busy', {
    retryable: true,
    upstream: [138003],
    title: ['WhatsApp already has a call with this person', 'WhatsApp ya tiene una llamada con esta persona'],
    detail: [
      'Meta sees a call between this number and this person that has not ended yet, so it refused a second one.',
      'Meta registra una llamada sin terminar entre este número y esta persona, por lo que rechazó la segunda.',
    ],
    remedy: [
      'Find that call in GET /api/calling/calls and terminate it, or wait until it is over, then dial again.',
      'Busque esa llamada en GET /api/calling/calls y termínela, o espere a que concluya antes de volver a marcar.',
    ],
  }),
  tooMany('rate_limited', {
    upstream: [4, 613, 80007, 130429, 138005],
    source: `${SOURCE.calling}; ${SOURCE.errors}; ${SOURCE.dialog360}`,
    title: ['Too many requests upstream', 'Se superó el límite de solicitudes'],
    detail: [
      'Meta or 360dialog limit how often this may be asked, and the limit is reached. The request had no effect.',
      'Meta o 360dialog limitan la frecuencia de esta operación y ese límite se alcanzó. La solicitud no tuvo efecto.',
    ],
    remedy: [
      'Wait for as long as Retry-After says, then spread the requests. Read permissions only when you need them: the gateway keeps them.',
      'Espere lo que indica Retry-After y reparta las solicitudes. Consulte los permisos solo cuando los necesite: el gateway los conserva.',
    ],
  }),
  aboutPerson('permission_required', {
    upstream: [138006],
    title: ['The person has not given permission to be called', 'La persona no ha dado permiso para que la llamen'],
    detail: [
      'WhatsApp lets a business call only people who have allowed it, and there is no valid permission: never given, expired or revoked. Nothing rang.',
      'WhatsApp solo deja que una empresa llame a quien lo autorizó, y no hay un permiso vigente: nunca se dio, venció o fue revocado. El teléfono no sonó.',
    ],
    remedy: [
      'Ask with POST /api/calling/request-permission (inside the 24-hour window, or with a template) and dial after the yes, which arrives as the event permission.updated.',
      'Pídalo con POST /api/calling/request-permission (dentro de la ventana de 24 horas o con una plantilla) y marque cuando la persona acepte: la aceptación llega como evento permission.updated.',
    ],
  }),
  aboutPerson('permission_request_limit_reached', {
    retryable: true,
    upstream: [138009],
    source: SOURCE.permissions,
    title: ['This person may not be asked again yet', 'Todavía no se puede volver a pedir permiso a esta persona'],
    detail: [
      'A person may be asked for permission once in 24 hours and twice in 7 days. No request was sent.',
      'A una persona se le puede pedir permiso una vez cada 24 horas y dos veces cada 7 días. No se envió ninguna solicitud.',
    ],
    remedy: [
      'Wait until `retry_at`, or let the person call you: a connected call in either direction sets both counters back. An earlier request can still be accepted.',
      'Espere hasta `retry_at` o deje que la persona llame: una llamada conectada, en cualquier sentido, reinicia ambos contadores. Una solicitud anterior aún puede aceptarse.',
    ],
  }),
  aboutPerson('call_limit_reached', {
    retryable: true,
    upstream: [138012],
    source: SOURCE.permissions,
    title: ['Enough calls to this person for today', 'Se alcanzó el máximo diario de llamadas a esta persona'],
    detail: [
      'Meta allows 100 connected calls from this number to one person within 24 hours. The permission stays valid. Nothing rang.',
      'Meta permite 100 llamadas conectadas de este número a una misma persona en 24 horas. El permiso sigue vigente. El teléfono no sonó.',
    ],
    remedy: [
      'Dial again after `retry_at`; `upstream.details` carries the moment that Meta named. Until then write, or let the person call.',
      'Marque de nuevo después de `retry_at`; `upstream.details` trae el momento que indicó Meta. Mientras tanto, escriba o deje que la persona llame.',
    ],
  }),
  aboutNumber('country_not_supported', {
    upstream: [138013],
    source: SOURCE.overview,
    title: ['This number may not call out from its country', 'Este número no puede hacer llamadas desde su país'],
    detail: [
      'Business-initiated calls do not exist for numbers of some countries: the United States, Canada, Egypt, Vietnam and Nigeria (June 2026). The country of the person called does not matter.',
      'Las llamadas iniciadas por la empresa no existen para números de algunos países: Estados Unidos, Canadá, Egipto, Vietnam y Nigeria (junio de 2026). El país de la persona llamada no influye.',
    ],
    remedy: [
      'Place outbound calls from a number of another country. Inbound calls still work: send a call button and let the person call.',
      'Haga las llamadas salientes desde un número de otro país. Las entrantes sí funcionan: envíe un botón de llamada para que la persona llame.',
    ],
  }),
  aboutNumber('calling_restricted', {
    retryable: true,
    upstream: [138014],
    title: ['Meta has paused calling for this number', 'Meta suspendió las llamadas de este número'],
    detail: [
      'After negative feedback by users, Meta pauses calls and permission requests for 7 days. Permissions already given stay valid.',
      'Ante comentarios negativos de usuarios, Meta suspende las llamadas y las solicitudes de permiso por 7 días. Los permisos ya otorgados siguen vigentes.',
    ],
    remedy: [
      'Wait for the end of the pause: `retry_at`, or `restrictions` in GET /api/calling/settings. Then call fewer people, and only those who expect it.',
      'Espere a que termine la suspensión: vea `retry_at` o `restrictions` en GET /api/calling/settings. Después, llame a menos personas y solo a quienes lo esperan.',
    ],
  }),
  aboutNumber('messaging_limit_too_low', {
    upstream: [138015],
    source: `${SOURCE.calling}; ${SOURCE.limits}`,
    title: ['The messaging limit is too low for calling', 'El límite de mensajes no alcanza para llamar'],
    detail: [
      'Meta enables calling only from a messaging limit of 2,000 unique people per 24 hours, shared by the whole business portfolio. A new portfolio starts at 250. The count of 1,000 conversations is not what Meta checks.',
      'Meta solo activa las llamadas con un límite de al menos 2000 personas distintas cada 24 horas, compartido por todo el portafolio comercial. Un portafolio nuevo empieza en 250. El conteo de 1000 conversaciones no es lo que Meta revisa.',
    ],
    remedy: [
      'Verify the business in Meta Business Settings, or have it verified by your partner: that lifts the limit to 2,000. The other way is 2,000 delivered templates to unique users within 30 days at high quality. Then enable calling again.',
      'Verifique la empresa en la configuración del negocio de Meta, o haga que la verifique su partner: así el límite sube a 2000. La otra vía es entregar 2000 plantillas a usuarios distintos en 30 días con calidad alta. Luego active de nuevo las llamadas.',
    ],
  }),
  aboutPerson('permission_already_permanent', {
    upstream: [138017],
    source: SOURCE.permissions,
    title: ['Permission is already permanent', 'El permiso ya es permanente'],
    detail: [
      'The person has allowed calls for good, so Meta refuses a further request. Nothing was sent.',
      'La persona autorizó las llamadas de forma permanente, por eso Meta rechaza otra solicitud. No se envió nada.',
    ],
    remedy: [
      'Do not ask: make the call. The permission lasts until the person takes it back, or 4 calls in a row go unanswered.',
      'No lo pida: llame. El permiso dura hasta que la persona lo retire o hasta 4 llamadas seguidas sin contestar.',
    ],
  }),
  aboutNumber('calling_prerequisites_missing', {
    upstream: [138018],
    title: ['Calling cannot be enabled yet', 'Todavía no se pueden activar las llamadas'],
    detail: [
      'A technical prerequisite is missing: the app of this number is not subscribed to `calls` webhooks, and SIP is not set up either.',
      'Falta un requisito técnico: la aplicación de este número no está suscrita a los webhooks `calls` y tampoco hay SIP configurado.',
    ],
    remedy: [
      'Ask 360dialog support to subscribe the number to the `calls` field, then enable calling again.',
      'Pida al soporte de 360dialog que suscriba el número al campo `calls` y luego active de nuevo las llamadas.',
    ],
  }),
  aboutNumber('not_call_primary', {
    upstream: [138038],
    source: SOURCE.routing,
    title: ['Another partner handles the calls of this number', 'Otro partner gestiona las llamadas de este número'],
    detail: [
      "The number uses Meta's Conversation Routing, and its Call primary is another partner or app. Only the Call primary may place, accept, reject or end calls, and only it receives call webhooks. Being responsible for messages is not enough. Replies to permission requests go to the Call primary, too, so nobody is asked. Nothing rang.",
      'El número usa Conversation Routing de Meta y su Call primary es otro partner u otra aplicación. Solo el Call primary puede hacer, contestar, rechazar o terminar llamadas, y solo él recibe los webhooks de llamadas. Ser responsable de los mensajes no basta. Las respuestas a las solicitudes de permiso también van al Call primary, así que no se pide permiso a nadie. El teléfono no sonó.',
    ],
    remedy: [
      'In Meta Business Suite, under Conversation Routing, assign the Call entry point of this number to the partner through which this gateway is connected (360dialog). Until then every call action is refused. After that, place a call to someone who has permitted it, or call the number: that lifts this gate at once; otherwise it lapses after a day.',
      'En Meta Business Suite, en Conversation Routing, asigne el punto de entrada Call de este número al partner con el que está conectado este gateway (360dialog). Mientras tanto, se rechaza toda acción de llamada. Después, llame a alguien que lo haya permitido o llame usted al número: eso levanta esta condición de inmediato; de lo contrario, caduca en un día.',
    ],
  }),
  aboutNumber('sip_enabled', {
    upstream: [131055],
    title: ['SIP is enabled on this number', 'Este número tiene SIP activado'],
    detail: [
      'While SIP is enabled the number takes no calls over the API and sends no call webhooks.',
      'Con SIP activado, el número no admite llamadas por la API ni envía webhooks de llamadas.',
    ],
    remedy: [
      'Switch SIP off in the calling settings (PATCH /api/calling/settings), or place the calls over SIP.',
      'Desactive SIP en los ajustes de llamadas (PATCH /api/calling/settings) o haga las llamadas por SIP.',
    ],
  }),
  aboutNumber('sip_not_configured', {
    upstream: [138024, 138025],
    source: SOURCE.health,
    title: ['No SIP on this number: harmless here', 'Este número no usa SIP: aquí es inofensivo'],
    detail: [
      'The health status of Meta mentions that SIP is not enabled (138024) or has no server (138025). This gateway does not use SIP.',
      'El estado de salud de Meta menciona que SIP no está activado (138024) o no tiene servidor (138025). Este gateway no usa SIP.',
    ],
    remedy: [
      'Nothing to do: calls over the API are not affected. Only an owner who wants SIP configures it.',
      'No hay nada que hacer: las llamadas por la API no se ven afectadas. Solo lo configura quien quiera usar SIP.',
    ],
  }),
  refusedUpstream('undocumented_calling_code', {
    rang: 'maybe',
    upstream: [138008, 138010, 138011, 138016],
    source: SOURCE.faq,
    title: ['A calling code that Meta does not document', 'Un código de llamadas que Meta no documenta'],
    detail: [
      'Meta refused with a calling code whose meaning it has not published (138008, 138010, 138011, 138016). It said: {message}',
      'Meta rechazó la solicitud con un código cuyo significado no ha publicado (138008, 138010, 138011, 138016). Dijo: {message}',
    ],
    remedy: [
      "Act on Meta's own words above and keep the fbtrace_id for 360dialog support. For 138011 Meta's FAQ only hints at exchanging an ordinary message with the person first.",
      'Guíese por el mensaje de Meta y guarde el fbtrace_id para el soporte de 360dialog. Sobre 138011, las preguntas frecuentes de Meta solo sugieren intercambiar antes un mensaje común con la persona.',
    ],
  }),
] as const;
