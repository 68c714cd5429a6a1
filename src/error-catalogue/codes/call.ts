import { entriesFrom, SOURCE } from './entry.js';

const { aboutCall, mediaFailed } = entriesFrom(SOURCE.gateway);

/** Our own words about a call: what we refuse, or conclude, without a number of Meta's (131026 apart). */
export const callCodes = [
  aboutCall('call_in_progress', {
    retryable: true,
    title: ['A call with this person is already under way', 'Ya hay una llamada en curso con esta persona'],
    detail: [
      'One call per person lives at a time; the one in `call` is waiting, ringing or connected. Nothing was sent.',
      'Solo puede existir una llamada por persona a la vez; la que aparece en `call` espera, suena o está conectada. No se envió nada.',
    ],
    remedy: [
      'Go on with the call shown in `call`, or end it with POST /api/calling/terminate and try again.',
      'Continúe con la llamada que aparece en `call`, o termínela con POST /api/calling/terminate e inténtelo de nuevo.',
    ],
  }),
  aboutCall('request_in_progress', {
    retryable: true,
    title: ['The same request is still running', 'La misma solicitud sigue en proceso'],
    detail: [
      'A request with this Idempotency-Key has begun and has not answered yet. It is not run twice.',
      'Ya comenzó una solicitud con esta Idempotency-Key y todavía no ha respondido. No se ejecuta dos veces.',
    ],
    remedy: [
      'Wait a moment and repeat it with the same key: you then get the answer of the first one.',
      'Espere un momento y repítala con la misma clave: recibirá la respuesta de la primera.',
    ],
  }),
  aboutCall('call_claimed', {
    retryable: true,
    title: ['Somebody else is answering this call', 'Otra persona está contestando esta llamada'],
    detail: [
      'Another key was the first to pre-accept or accept this inbound call and holds the claim.',
      'Otra clave preaceptó o aceptó primero esta llamada entrante y la tiene reservada.',
    ],
    remedy: [
      'Leave the call to them. If they release it, or do not accept in time, the claim lapses and the call can be taken.',
      'Déjesela a quien la tomó. Si la libera o no la acepta a tiempo, la reserva caduca y la llamada queda disponible.',
    ],
  }),
  aboutCall('call_ended', {
    title: ['The call is over', 'La llamada ya terminó'],
    detail: ['The call has ended; an ended call is never reopened.', 'La llamada finalizó, y una llamada finalizada nunca se reabre.'],
    remedy: [
      'Read its outcome with GET /api/calling/calls; to speak with the person, make a new call.',
      'Consulte su resultado en GET /api/calling/calls; para hablar con la persona, haga una llamada nueva.',
    ],
  }),
  aboutCall('call_already_answered', {
    title: ['The call has been answered already', 'La llamada ya fue contestada'],
    detail: [
      'The call is connected or is being connected, so it can no longer be accepted or rejected.',
      'La llamada está conectada o se está conectando, por lo que ya no puede aceptarse ni rechazarse.',
    ],
    remedy: [
      'Use the running call, or hang up with POST /api/calling/terminate.',
      'Siga con la llamada en curso o cuelgue con POST /api/calling/terminate.',
    ],
  }),
  aboutCall('call_not_ready', {
    title: ['The call is not ready to be dialled', 'La llamada aún no se puede marcar'],
    detail: [
      'Only a call in state `ready` can be connected; this one still waits for permission or was already dialled. Nobody was called.',
      'Solo se conecta una llamada en estado `ready`; esta todavía espera el permiso o ya se marcó. No se llamó a nadie.',
    ],
    remedy: [
      'Wait for the event call.ready and connect before `expires_at`; if the call was dialled already, follow its state.',
      'Espere el evento call.ready y conecte antes de `expires_at`; si la llamada ya se marcó, siga su estado.',
    ],
  }),
  aboutCall('call_not_ringing', {
    title: ['The call is not ringing', 'La llamada no está sonando'],
    detail: [
      'Only an inbound call that rings can be pre-accepted, accepted, rejected or released.',
      'Solo una llamada entrante que está sonando puede preaceptarse, aceptarse, rechazarse o liberarse.',
    ],
    remedy: [
      'Read the state of the call with GET /api/calling/calls; end a live call with POST /api/calling/terminate.',
      'Consulte el estado en GET /api/calling/calls; una llamada activa se termina con POST /api/calling/terminate.',
    ],
  }),
  aboutCall('wrong_direction', {
    title: ['Not possible in this direction', 'Operación no válida en este sentido'],
    detail: [
      'Pre-accept, accept, reject and release are for inbound calls; connect is for outbound calls.',
      'Preaceptar, aceptar, rechazar y liberar son para llamadas entrantes; conectar es para llamadas salientes.',
    ],
    remedy: [
      'Check `direction` of the call; terminate works in both directions.',
      'Revise el campo `direction` de la llamada; terminar funciona en ambos sentidos.',
    ],
  }),
  aboutCall('session_required', {
    title: ['An SDP answer is missing', 'Falta la respuesta SDP'],
    detail: [
      'The call was not pre-accepted, so there is no earlier SDP answer that could be sent again.',
      'La llamada no se preaceptó, así que no existe una respuesta SDP anterior que pueda reenviarse.',
    ],
    remedy: [
      'Send `session` with sdp_type "answer" and the SDP of your media stack, or pre-accept the call first.',
      'Envíe `session` con sdp_type "answer" y el SDP de su cliente de audio, o preacepte antes la llamada.',
    ],
  }),
  aboutCall('answer_mismatch', {
    title: ['The answer differs from the pre-accepted one', 'La respuesta difiere de la preaceptada'],
    detail: [
      'Meta takes an accept only with exactly the SDP answer that was sent with the pre-accept. Nothing was sent.',
      'Meta solo acepta la llamada con la misma respuesta SDP enviada al preaceptar. No se envió nada.',
    ],
    remedy: [
      'Leave `session` out of accept, so that the same answer is sent again; never renegotiate in between.',
      'Omita `session` al aceptar para que se reenvíe la misma respuesta; no renegocie entre ambos pasos.',
    ],
  }),
  aboutCall('lease_held', {
    retryable: true,
    title: ['Another softphone holds this call', 'Otro softphone tiene esta llamada'],
    detail: [
      'A window of another operator has the lease of this call and renews it; its sound is there.',
      'Una ventana de otra persona tiene la concesión de esta llamada y la renueva; su audio está allí.',
    ],
    remedy: [
      'Leave the call to them, or end it with POST /api/calling/terminate. Should that window be gone, the lease lapses at `retry_at`.',
      'Déjele la llamada o termínela con POST /api/calling/terminate. Si esa ventana ya no existe, la concesión caduca en `retry_at`.',
    ],
  }),
  aboutCall('lease_lost', {
    title: ['The lease of this call is not yours', 'La concesión de esta llamada ya no es suya'],
    detail: [
      'The lease has lapsed, was given up, or another window of yours has taken it over; `holder` and `fence` name an older one.',
      'La concesión caducó, se dejó, o la tomó otra de sus ventanas; `holder` y `fence` nombran una anterior.',
    ],
    remedy: [
      'Stop renewing and end the sound here. If this window still speaks in the call, take the lease anew without `fence`.',
      'Deje de renovarla y cierre aquí el audio. Si esta ventana aún habla en la llamada, tome la concesión de nuevo sin `fence`.',
    ],
  }),
  aboutCall('lease_lapsed', {
    rang: 'maybe',
    title: ['The softphone of the call was gone', 'El softphone de la llamada desapareció'],
    detail: [
      'The window that held the sound did not renew its lease in time: it was closed, has crashed or lost its network. The gateway hung up, so that nobody is left in silence.',
      'La ventana que tenía el audio no renovó su concesión a tiempo: se cerró, falló o perdió la red. El gateway colgó para no dejar a nadie en silencio.',
    ],
    remedy: [
      'Call the person again. If it happens to open windows, look at their network; CALL_LEASE_SECONDS says how long they may be silent.',
      'Vuelva a llamar a la persona. Si ocurre con ventanas abiertas, revise su red; CALL_LEASE_SECONDS indica cuánto puede tardar la renovación.',
    ],
  }),
  aboutCall('outcome_unknown', {
    rang: 'maybe',
    title: ['It is not known whether the request took effect', 'No se sabe si la solicitud surtió efecto'],
    detail: [
      'The request reached 360dialog, but its answer was lost or unreadable. The phone may have rung.',
      'La solicitud llegó a 360dialog, pero su respuesta se perdió o no pudo leerse. Es posible que el teléfono haya sonado.',
    ],
    remedy: [
      'Do not dial again. Follow the call: webhooks settle it within moments, and a deadline ends it otherwise.',
      'No vuelva a marcar. Consulte la llamada: los webhooks informan el resultado en instantes; si no llegan, el gateway la da por terminada al vencer un plazo.',
    ],
  }),
  mediaFailed('call_failed', {
    retryable: true,
    rang: 'maybe',
    upstream: [],
    source: SOURCE.calling,
    title: ['The call failed', 'La llamada falló'],
    detail: [
      'Meta ended the call as failed and gave no reason that this gateway knows.',
      'Meta terminó la llamada como fallida y no dio una razón que este gateway conozca.',
    ],
    remedy: [
      'Look at the timeline of the call for everything Meta said, then make a new call. If it happens again, give the wacid to support.',
      'Revise en la cronología de la llamada todo lo que dijo Meta y haga una llamada nueva. Si se repite, entregue el wacid a soporte.',
    ],
  }),
] as const;
