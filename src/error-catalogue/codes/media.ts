import { entriesFrom, SOURCE } from './entry.js';

const { mediaFailed } = entriesFrom(SOURCE.calling);

/** Meta's calling codes (138xxx) of calls that broke: connection, relay, sound. */
export const mediaCodes = [
  mediaFailed('connection_failed', {
    retryable: true,
    rang: 'maybe',
    upstream: [138004],
    title: ['The connection of the call failed', 'Falló la conexión de la llamada'],
    detail: [
      'Meta reports a connection error while the call was being set up. The phone may have rung.',
      'Meta informa un error de conexión mientras se establecía la llamada. Es posible que el teléfono haya sonado.',
    ],
    remedy: [
      'Follow the call before you dial again. If it repeats, check the ICE candidates and the fingerprint of your SDP and that UDP is open.',
      'Consulte la llamada antes de volver a marcar. Si se repite, revise los candidatos ICE y la huella (fingerprint) de su SDP, y que UDP esté abierto.',
    ],
  }),
  mediaFailed('connect_timeout', {
    rang: 'maybe',
    upstream: [138007],
    title: ['The call was not connected in time', 'La llamada no se conectó a tiempo'],
    detail: [
      'The SDP was not applied, or the answer not sent, before the time for it ran out. The phone may have rung.',
      'El SDP no se aplicó, o la respuesta no se envió, antes de que venciera el plazo. Es posible que el teléfono haya sonado.',
    ],
    remedy: [
      'This call is lost; make a new one. Apply the SDP as soon as it arrives, pre-accept inbound calls at once and stop gathering ICE after 2 seconds.',
      'Esta llamada se perdió; haga otra. Aplique el SDP en cuanto llegue, preacepte de inmediato las llamadas entrantes y limite la recolección ICE a 2 segundos.',
    ],
  }),
  mediaFailed('media_setup_failed', {
    retryable: true,
    rang: 'maybe',
    upstream: [138019],
    title: ["The person's phone could not set the call up", 'El teléfono de la persona no pudo preparar la llamada'],
    detail: [
      'The WhatsApp app of the person failed to prepare the call. It comes in the terminate webhook, after the dial was taken.',
      'La aplicación de WhatsApp de la persona no logró preparar la llamada. Llega en el webhook terminate, cuando la llamada ya se había marcado.',
    ],
    remedy: [
      'Make a new call later. If it happens with many people, check your SDP: one sha-256 fingerprint, Opus, lines that end with CRLF.',
      'Haga otra llamada más tarde. Si ocurre con muchas personas, revise su SDP: una sola huella sha-256, Opus y líneas terminadas en CRLF.',
    ],
  }),
  mediaFailed('relay_unreachable', {
    retryable: true,
    rang: 'maybe',
    upstream: [138020],
    title: ["The person's phone could not reach the media relay", 'El teléfono de la persona no alcanzó el relé de audio'],
    detail: [
      "The network of the person did not let the app through to Meta's relay, so no audio path came about.",
      'La red de la persona no permitió que la aplicación llegara al relé de Meta, así que no se estableció el audio.',
    ],
    remedy: [
      'Try a new call later, when the person has another network. Nothing needs to change on your side.',
      'Haga otra llamada más tarde, cuando la persona use otra red. De su lado no hay nada que cambiar.',
    ],
  }),
  mediaFailed('no_media_received', {
    rang: 'maybe',
    upstream: [138021],
    title: ['The person heard nothing', 'La persona no recibió audio'],
    detail: [
      "No audio from you reached the person's app for a long time, so the call was ended.",
      'La aplicación de la persona no recibió audio de su lado durante mucho tiempo, y la llamada se cortó.',
    ],
    remedy: [
      'Send audio as soon as the call is answered and never pause for more than 20 seconds: send silence. Check that outgoing UDP is open.',
      'Envíe audio desde que se contesta y nunca pare más de 20 segundos: mande silencio. Verifique que el UDP de salida esté abierto.',
    ],
  }),
  mediaFailed('no_media_sent', {
    retryable: true,
    rang: 'maybe',
    upstream: [138022],
    title: ['The person sent no audio', 'La persona no envió audio'],
    detail: [
      "The person's app transmitted nothing for a long time, mostly after losing its network, so the call was ended.",
      'La aplicación de la persona dejó de transmitir durante mucho tiempo, casi siempre por perder la red, y la llamada se cortó.',
    ],
    remedy: [
      'Call again later. If it happens with many people, check that your side accepts incoming UDP.',
      'Llame de nuevo más tarde. Si ocurre con muchas personas, verifique que su lado acepte UDP entrante.',
    ],
  }),
  mediaFailed('no_media_signals', {
    retryable: true,
    rang: 'maybe',
    upstream: [138023],
    title: ['Answered, but without any sign of audio', 'Contestada, pero sin señales de audio'],
    detail: [
      'The call was accepted, yet Meta saw no media signals; whether the two sides heard each other is unknown.',
      'La llamada fue aceptada, pero Meta no vio señales de audio; no se sabe si ambas partes llegaron a oírse.',
    ],
    remedy: [
      'Ask the person whether they heard you, then call again. Check ICE and DTLS on your side if it repeats.',
      'Pregunte a la persona si escuchó algo y vuelva a llamar. Si se repite, revise ICE y DTLS de su lado.',
    ],
  }),
] as const;
