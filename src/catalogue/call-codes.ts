import type { CatalogueEntry } from './catalogue.js';
import { aboutCall, aboutNumber, aboutPerson, mediaFailed, SOURCE } from './entry.js';

const source = SOURCE.gateway;

/** Our own words about a call, a person or the number: what we refuse, or conclude, without a number of Meta's (131026 apart). */
export const callCodes: readonly CatalogueEntry[] = [
  aboutCall('call_in_progress', {
    retryable: true,
    source,
    en: {
      title: 'A call with this person is already under way',
      detail: 'One call per person lives at a time; the one in `call` is waiting, ringing or connected. Nothing was sent.',
      remedy: 'Go on with the call shown in `call`, or end it with POST /api/calling/terminate and try again.',
    },
    es: {
      title: 'Ya hay una llamada en curso con esta persona',
      detail:
        'Solo puede existir una llamada por persona a la vez; la que aparece en `call` espera, suena o está conectada. No se envió nada.',
      remedy: 'Continúe con la llamada que aparece en `call`, o termínela con POST /api/calling/terminate e inténtelo de nuevo.',
    },
  }),
  aboutPerson('user_is_active', {
    retryable: true,
    source,
    en: {
      title: 'This person cannot be erased just now',
      detail: 'There is a waiting or live call with this person, shown in `call`, or a delivery about them is still being taken in.',
      remedy: 'End the call with POST /api/calling/terminate, or wait until it is over, and erase the person then.',
    },
    es: {
      title: 'Esta persona no se puede borrar en este momento',
      detail: 'Hay una llamada en espera o en curso con esta persona, la de `call`, o todavía se procesa una entrega que trata de ella.',
      remedy: 'Termine la llamada con POST /api/calling/terminate, o espere a que acabe, y borre entonces a la persona.',
    },
  }),
  aboutCall('request_in_progress', {
    retryable: true,
    source,
    en: {
      title: 'The same request is still running',
      detail: 'A request with this Idempotency-Key has begun and has not answered yet. It is not run twice.',
      remedy: 'Wait a moment and repeat it with the same key: you then get the answer of the first one.',
    },
    es: {
      title: 'La misma solicitud sigue en proceso',
      detail: 'Ya comenzó una solicitud con esta Idempotency-Key y todavía no ha respondido. No se ejecuta dos veces.',
      remedy: 'Espere un momento y repítala con la misma clave: recibirá la respuesta de la primera.',
    },
  }),
  aboutCall('call_claimed', {
    retryable: true,
    source,
    en: {
      title: 'Somebody else is answering this call',
      detail: 'Another key was the first to pre-accept or accept this inbound call and holds the claim.',
      remedy: 'Leave the call to them. If they release it, or do not accept in time, the claim lapses and the call can be taken.',
    },
    es: {
      title: 'Otra persona está contestando esta llamada',
      detail: 'Otra clave preaceptó o aceptó primero esta llamada entrante y la tiene reservada.',
      remedy: 'Déjesela a quien la tomó. Si la libera o no la acepta a tiempo, la reserva caduca y la llamada queda disponible.',
    },
  }),
  aboutCall('call_ended', {
    source,
    en: {
      title: 'The call is over',
      detail: 'The call has ended; an ended call is never reopened.',
      remedy: 'Read its outcome with GET /api/calling/calls; to speak with the person, make a new call.',
    },
    es: {
      title: 'La llamada ya terminó',
      detail: 'La llamada finalizó, y una llamada finalizada nunca se reabre.',
      remedy: 'Consulte su resultado en GET /api/calling/calls; para hablar con la persona, haga una llamada nueva.',
    },
  }),
  aboutCall('call_already_answered', {
    source,
    en: {
      title: 'The call has been answered already',
      detail: 'The call is connected or is being connected, so it can no longer be accepted or rejected.',
      remedy: 'Use the running call, or hang up with POST /api/calling/terminate.',
    },
    es: {
      title: 'La llamada ya fue contestada',
      detail: 'La llamada está conectada o se está conectando, por lo que ya no puede aceptarse ni rechazarse.',
      remedy: 'Siga con la llamada en curso o cuelgue con POST /api/calling/terminate.',
    },
  }),
  aboutCall('call_not_ready', {
    source,
    en: {
      title: 'The call is not ready to be dialled',
      detail:
        'Only a call in state `ready` can be connected; this one still waits for permission or was already dialled. Nobody was called.',
      remedy: 'Wait for the event call.ready and connect before `expires_at`; if the call was dialled already, follow its state.',
    },
    es: {
      title: 'La llamada aún no se puede marcar',
      detail: 'Solo se conecta una llamada en estado `ready`; esta todavía espera el permiso o ya se marcó. No se llamó a nadie.',
      remedy: 'Espere el evento call.ready y conecte antes de `expires_at`; si la llamada ya se marcó, siga su estado.',
    },
  }),
  aboutCall('call_not_ringing', {
    source,
    en: {
      title: 'The call is not ringing',
      detail: 'Only an inbound call that rings can be pre-accepted, accepted, rejected or released.',
      remedy: 'Read the state of the call with GET /api/calling/calls; end a live call with POST /api/calling/terminate.',
    },
    es: {
      title: 'La llamada no está sonando',
      detail: 'Solo una llamada entrante que está sonando puede preaceptarse, aceptarse, rechazarse o liberarse.',
      remedy: 'Consulte el estado en GET /api/calling/calls; una llamada activa se termina con POST /api/calling/terminate.',
    },
  }),
  aboutCall('wrong_direction', {
    source,
    en: {
      title: 'Not possible in this direction',
      detail: 'Pre-accept, accept, reject and release are for inbound calls; connect is for outbound calls.',
      remedy: 'Check `direction` of the call; terminate works in both directions.',
    },
    es: {
      title: 'Operación no válida en este sentido',
      detail: 'Preaceptar, aceptar, rechazar y liberar son para llamadas entrantes; conectar es para llamadas salientes.',
      remedy: 'Revise el campo `direction` de la llamada; terminar funciona en ambos sentidos.',
    },
  }),
  aboutCall('session_required', {
    source,
    en: {
      title: 'An SDP answer is missing',
      detail: 'The call was not pre-accepted, so there is no earlier SDP answer that could be sent again.',
      remedy: 'Send `session` with sdp_type "answer" and the SDP of your media stack, or pre-accept the call first.',
    },
    es: {
      title: 'Falta la respuesta SDP',
      detail: 'La llamada no se preaceptó, así que no existe una respuesta SDP anterior que pueda reenviarse.',
      remedy: 'Envíe `session` con sdp_type "answer" y el SDP de su cliente de audio, o preacepte antes la llamada.',
    },
  }),
  aboutCall('answer_mismatch', {
    source,
    en: {
      title: 'The answer differs from the pre-accepted one',
      detail: 'Meta takes an accept only with exactly the SDP answer that was sent with the pre-accept. Nothing was sent.',
      remedy: 'Leave `session` out of accept, so that the same answer is sent again; never renegotiate in between.',
    },
    es: {
      title: 'La respuesta difiere de la preaceptada',
      detail: 'Meta solo acepta la llamada con la misma respuesta SDP enviada al preaceptar. No se envió nada.',
      remedy: 'Omita `session` al aceptar para que se reenvíe la misma respuesta; no renegocie entre ambos pasos.',
    },
  }),
  aboutCall('lease_held', {
    retryable: true,
    source,
    en: {
      title: 'Another softphone holds this call',
      detail: 'A window of another operator has the lease of this call and renews it; its sound is there.',
      remedy:
        'Leave the call to them, or end it with POST /api/calling/terminate. Should that window be gone, the lease lapses at `retry_at`.',
    },
    es: {
      title: 'Otro softphone tiene esta llamada',
      detail: 'Una ventana de otra persona tiene la concesión de esta llamada y la renueva; su audio está allí.',
      remedy:
        'Déjele la llamada o termínela con POST /api/calling/terminate. Si esa ventana ya no existe, la concesión caduca en `retry_at`.',
    },
  }),
  aboutCall('lease_lost', {
    source,
    en: {
      title: 'The lease of this call is not yours',
      detail: 'The lease has lapsed, was given up, or another window of yours has taken it over; `holder` and `fence` name an older one.',
      remedy: 'Stop renewing and end the sound here. If this window still speaks in the call, take the lease anew without `fence`.',
    },
    es: {
      title: 'La concesión de esta llamada ya no es suya',
      detail: 'La concesión caducó, se dejó, o la tomó otra de sus ventanas; `holder` y `fence` nombran una anterior.',
      remedy: 'Deje de renovarla y cierre aquí el audio. Si esta ventana aún habla en la llamada, tome la concesión de nuevo sin `fence`.',
    },
  }),
  aboutCall('lease_lapsed', {
    rang: 'maybe',
    source,
    en: {
      title: 'The softphone of the call was gone',
      detail:
        'The window that held the sound did not renew its lease in time: it was closed, has crashed or lost its network. The gateway hung up, so that nobody is left in silence.',
      remedy:
        'Call the person again. If it happens to open windows, look at their network; CALL_LEASE_SECONDS says how long they may be silent.',
    },
    es: {
      title: 'El softphone de la llamada desapareció',
      detail:
        'La ventana que tenía el audio no renovó su concesión a tiempo: se cerró, falló o perdió la red. El gateway colgó para no dejar a nadie en silencio.',
      remedy:
        'Vuelva a llamar a la persona. Si ocurre con ventanas abiertas, revise su red; CALL_LEASE_SECONDS indica cuánto pueden callar.',
    },
  }),
  aboutCall('outcome_unknown', {
    rang: 'maybe',
    source,
    en: {
      title: 'It is not known whether the request took effect',
      detail: 'The request reached 360dialog, but its answer was lost or unreadable. The phone may have rung.',
      remedy: 'Do not dial again. Follow the call: webhooks settle it within moments, and a deadline ends it otherwise.',
    },
    es: {
      title: 'No se sabe si la solicitud surtió efecto',
      detail: 'La solicitud llegó a 360dialog, pero su respuesta se perdió o no pudo leerse. Es posible que el teléfono haya sonado.',
      remedy: 'No vuelva a marcar. Siga la llamada: los webhooks la aclaran en instantes y, si no, un plazo la da por terminada.',
    },
  }),
  mediaFailed('call_failed', {
    retryable: true,
    rang: 'maybe',
    upstream: [],
    source: SOURCE.calling,
    en: {
      title: 'The call failed',
      detail: 'Meta ended the call as failed and gave no reason that this gateway knows.',
      remedy:
        'Look at the timeline of the call for everything Meta said, then make a new call. If it happens again, give the wacid to support.',
    },
    es: {
      title: 'La llamada falló',
      detail: 'Meta terminó la llamada como fallida y no dio una razón que este gateway conozca.',
      remedy:
        'Revise en la cronología de la llamada todo lo que dijo Meta y haga una llamada nueva. Si se repite, entregue el wacid a soporte.',
    },
  }),
  aboutPerson('not_allowed_now', {
    source: SOURCE.permissions,
    en: {
      title: 'Meta does not allow this with this person now',
      detail:
        'Asked about this person, Meta says that it may not be done now and names no limit that was reached. The person may be out of reach of WhatsApp calls, or the number restricted. Nothing was sent.',
      remedy:
        'Write to the person instead, and look at `GET /api/calling/status` for a restriction of the number. Try again in a day: what Meta says here is read anew each time.',
    },
    es: {
      title: 'Meta no lo permite ahora con esta persona',
      detail:
        'Al preguntarle por esta persona, Meta dice que ahora no se puede y no menciona ningún límite alcanzado. Puede que la persona no reciba llamadas de WhatsApp o que el número esté restringido. No se envió nada.',
      remedy:
        'Escríbale a la persona y revise en `GET /api/calling/status` si el número tiene una restricción. Inténtelo de nuevo en un día: lo que Meta dice aquí se lee otra vez cada vez.',
    },
  }),
  aboutPerson('permission_request_failed', {
    upstream: [131026],
    source: SOURCE.permissions,
    en: {
      title: 'The permission request could not be delivered',
      detail:
        'WhatsApp could not deliver the message that asks for permission: the person is not on WhatsApp, has not accepted its terms or uses an app older than 2.24.14.',
      remedy: 'Check the number and ask the person to update WhatsApp, or to call you. Asking again now fails in the same way.',
    },
    es: {
      title: 'No se pudo entregar la solicitud de permiso',
      detail:
        'WhatsApp no logró entregar el mensaje que pide permiso: la persona no está en WhatsApp, no aceptó sus condiciones o usa una versión anterior a la 2.24.14.',
      remedy: 'Revise el número y pida a la persona que actualice WhatsApp o que llame ella. Si repite la solicitud ahora, fallará igual.',
    },
  }),
  aboutPerson('permission_denied', {
    source: SOURCE.permissions,
    en: {
      title: 'The person declined to be called',
      detail: 'The person answered the permission request with no, so this call was not dialled.',
      remedy:
        'Write instead, or let the person call you. They can still accept the same request for up to 7 days; a new one counts against 1 per 24 hours and 2 per 7 days.',
    },
    es: {
      title: 'La persona no quiso recibir la llamada',
      detail: 'La persona rechazó la solicitud de permiso, así que esta llamada no se marcó.',
      remedy:
        'Escríbale o deje que la persona llame. Todavía puede aceptar la misma solicitud hasta por 7 días; una nueva cuenta para el límite de 1 cada 24 horas y 2 cada 7 días.',
    },
  }),
  aboutPerson('permission_expired', {
    source: SOURCE.permissions,
    en: {
      title: 'The permission ran out',
      detail: 'A temporary permission lasts 7 days, and a request that nobody answers lapses after 7 days too. Either has passed.',
      remedy: 'Ask again with POST /api/calling/request-permission, or make a new call, which asks by itself.',
    },
    es: {
      title: 'El permiso venció',
      detail: 'Un permiso temporal dura 7 días, y una solicitud sin respuesta también caduca a los 7 días. Ese plazo ya pasó.',
      remedy: 'Vuelva a pedirlo con POST /api/calling/request-permission o haga una llamada nueva, que lo pide por sí sola.',
    },
  }),
  aboutNumber('webhook_unregistered', {
    source,
    en: {
      title: 'No webhook is registered',
      detail:
        '360dialog has no webhook address for this number, so neither calls nor answers to permission requests are told to the gateway.',
      remedy: 'Register it with `npm run register-webhook`; it shows what it changes first.',
    },
    es: {
      title: 'No hay ningún webhook registrado',
      detail:
        '360dialog no tiene una dirección de webhook para este número, así que el gateway no se entera de las llamadas ni de las respuestas a las solicitudes de permiso.',
      remedy: 'Regístrelo con `npm run register-webhook`; antes de cambiar algo, muestra qué va a reemplazar.',
    },
  }),
  aboutNumber('webhook_elsewhere', {
    source,
    en: {
      title: 'The webhook points elsewhere',
      detail: 'The webhook registered at 360dialog is not the PUBLIC_URL of this gateway; another system receives the calls.',
      remedy:
        'Run `npm run register-webhook` and keep the other system served with WEBHOOK_FORWARD_URL, or correct PUBLIC_URL if it is the wrong one.',
    },
    es: {
      title: 'El webhook apunta a otro lugar',
      detail: 'El webhook registrado en 360dialog no es la PUBLIC_URL de este gateway: otro sistema recibe las llamadas.',
      remedy:
        'Ejecute `npm run register-webhook` y siga alimentando al otro sistema con WEBHOOK_FORWARD_URL, o corrija PUBLIC_URL si es la equivocada.',
    },
  }),
  aboutNumber('webhook_silent', {
    source,
    en: {
      title: 'No call event has arrived',
      detail: 'The webhook is registered, yet no call event was delivered although one was due. A matching address alone proves nothing.',
      remedy:
        'Call the number from a phone and watch /api/calling/status. If nothing arrives, check that PUBLIC_URL is reachable from outside and ask 360dialog whether the `calls` field is subscribed.',
    },
    es: {
      title: 'No ha llegado ningún evento de llamada',
      detail:
        'El webhook está registrado, pero no se entregó ningún evento de llamada cuando debía llegar uno. Que la dirección coincida no prueba nada por sí solo.',
      remedy:
        'Llame al número desde un teléfono y observe /api/calling/status. Si no llega nada, verifique que PUBLIC_URL sea accesible desde fuera y pregunte a 360dialog si el campo `calls` está suscrito.',
    },
  }),
  aboutNumber('no_listener', {
    source,
    en: {
      title: 'Nobody is listening for inbound calls',
      detail: 'No subscription and no event stream takes call.incoming, so an inbound call would ring unanswered.',
      remedy: 'Open the console or GET /api/events, or make a subscription for call.incoming with POST /api/subscriptions.',
    },
    es: {
      title: 'Nadie atiende las llamadas entrantes',
      detail: 'Ninguna suscripción ni flujo de eventos recibe call.incoming, de modo que una llamada entrante sonaría sin respuesta.',
      remedy: 'Abra la consola o GET /api/events, o cree una suscripción a call.incoming con POST /api/subscriptions.',
    },
  }),
  aboutNumber('check_in_progress', {
    retryable: true,
    source,
    en: {
      title: 'A check is already running',
      detail: 'The sources are being read at this moment; a second reading at once would add nothing.',
      remedy: 'Wait some seconds and read GET /api/compliance/snapshots.',
    },
    es: {
      title: 'Ya hay una verificación en curso',
      detail: 'En este momento se están consultando las fuentes; una segunda lectura simultánea no aportaría nada.',
      remedy: 'Espere unos segundos y consulte GET /api/compliance/snapshots.',
    },
  }),
];
