import type { Texts } from '#cli/terminal/texts.js';

/** What gates are called, by their name. */
export const GATE_TEXTS = {
  configuration: { en: 'Configuration', es: 'Configuración' },
  gateway: { en: 'Gateway', es: 'Gateway' },
  reachability: { en: '360dialog can be reached', es: 'Se puede llegar a 360dialog' },
  key: { en: 'Key of 360dialog accepted', es: 'Clave de 360dialog aceptada' },
  calling_enabled: { en: 'Calling switched on', es: 'Llamadas activadas' },
  sip_disabled: { en: 'SIP switched off', es: 'SIP desactivado' },
  restriction: { en: 'No restriction by Meta', es: 'Sin restricciones de Meta' },
  account: { en: 'Account in use', es: 'Cuenta en uso' },
  coexistence: { en: 'Not in the WhatsApp Business app', es: 'Fuera de la app WhatsApp Business' },
  country: { en: 'Country may call', es: 'País con llamadas permitidas' },
  call_primary: { en: 'This partner handles the calls', es: 'Este partner gestiona las llamadas' },
  messaging_limit: { en: 'Messaging limit', es: 'Límite de mensajes' },
  conversations_1k: { en: 'Conversations of the requirement', es: 'Conversaciones del requisito' },
  payment: { en: 'Payment', es: 'Pago' },
  pick_up_rate: { en: 'Pick-up rate', es: 'Tasa de respuesta' },
  webhook: { en: 'Webhook registered here', es: 'Webhook registrado aquí' },
  webhook_token: { en: 'Webhook carries the token', es: 'El webhook trae el token' },
  webhook_signature: { en: 'Signature of the webhook', es: 'Firma del webhook' },
  rules: { en: 'Rules of Meta checked of late', es: 'Reglas de Meta revisadas hace poco' },
  subscriptions: { en: 'No subscription paused with its key', es: 'Ninguna suscripción en pausa por su clave' },
  forwarding: { en: 'Deliveries are forwarded', es: 'Las entregas se reenvían' },
  callback_permission: { en: 'Callers are asked for a callback', es: 'Se pide permiso para devolver llamadas' },
  call_hours: { en: 'Call hours', es: 'Horario de llamadas' },
  health: { en: 'Health told by Meta', es: 'Estado según Meta' },
  listener: { en: 'Somebody takes inbound calls', es: 'Alguien recibe las llamadas entrantes' },
  call_in_progress: { en: 'No other call with this person', es: 'Sin otra llamada con esta persona' },
  permission: { en: 'Permission of this person', es: 'Permiso de esta persona' },
  asking: { en: 'This person may be asked', es: 'Se le puede pedir permiso' },
  window: { en: '24-hour window', es: 'Ventana de 24 horas' },
  agent_thread: { en: 'Thread not held by the agent', es: 'Conversación fuera del agente' },
  number: { en: 'The number may call', es: 'El número puede llamar' },
  preflight: { en: 'Gates of this person', es: 'Condiciones de esta persona' },
  clock: { en: 'Clock', es: 'Reloj' },
} as const satisfies Texts;

/** Why a gate is not known to pass, when no code of the catalogue says it; by the gate's name. */
export const OPEN_TEXTS = {
  call_primary: {
    en: "Which partner handles the calls under Meta's Conversation Routing shows only once a call action was answered, or a user has called.",
    es: 'Qué partner gestiona las llamadas con Conversation Routing de Meta se sabe solo cuando se responde una acción de llamada o llama un usuario.',
  },
  messaging_limit: {
    en: 'Meta reports the messaging limit only by webhook, when it changes.',
    es: 'Meta informa el límite de mensajes solo por webhook, cuando cambia.',
  },
  account: {
    en: 'Health says nothing about the account of the number, and no webhook has reported a change of it.',
    es: 'El estado no dice nada de la cuenta del número y ningún webhook informó un cambio.',
  },
  coexistence: {
    en: 'Only the partner API says whether the number is still in the WhatsApp Business app (COEX). 360dialog does not support calling for such numbers. This refuses no call.',
    es: 'Solo la API de partners dice si el número sigue en la app WhatsApp Business (COEX). 360dialog no admite llamadas con esos números. Esto no rechaza llamadas.',
  },
  country: {
    en: 'Which number it is shows only once the gateway has received a webhook. Numbers of the USA, Canada, Egypt, Vietnam and Nigeria may not place calls.',
    es: 'El gateway conoce el número solo después de recibir un webhook. Los números de EE. UU., Canadá, Egipto, Vietnam y Nigeria no pueden llamar.',
  },
  conversations_1k: {
    en: 'The conversations of the window are fewer than required, or not counted as a whole. This informs and refuses no call.',
    es: 'Las conversaciones del período son menos que las requeridas, o no se contaron por completo. Esto informa y no rechaza llamadas.',
  },
  payment: {
    en: 'No source tells it as such: a call that Meta takes on proves it, and the balance at 360dialog hints at it.',
    es: 'Ninguna fuente lo informa directamente: una llamada que Meta acepta lo prueba, y el saldo en 360dialog lo sugiere.',
  },
  pick_up_rate: {
    en: 'The gateway has seen fewer than 20 calls ring in the last 30 days: too few for a rate.',
    es: 'En los últimos 30 días sonaron menos de 20 llamadas: son muy pocas para calcular una tasa.',
  },
  webhook: {
    en: 'The address is right, but only a call event that arrives proves that webhooks work. With Conversation Routing, calls and permission replies may go to another partner.',
    es: 'La dirección es correcta, pero solo un evento de llamada que llegue prueba que los webhooks funcionan. Con Conversation Routing, las llamadas y las respuestas de permiso pueden ir a otro partner.',
  },
  listener: {
    en: 'Who listens for inbound calls is known to the gateway alone, and to each replica only of itself.',
    es: 'Solo el gateway sabe quién recibe las llamadas entrantes, y cada réplica solo lo sabe de sí misma.',
  },
} as const satisfies Texts;

/** What to do about it. */
export const OPEN_REMEDIES = {
  call_primary: {
    en: 'Nothing to do unless calls are refused: the next call shows it. Roles stand in Meta Business Suite, under Conversation Routing.',
    es: 'No hay nada que hacer salvo que se rechacen llamadas: la próxima llamada lo muestra. Los roles están en Meta Business Suite, en Conversation Routing.',
  },
  messaging_limit: {
    en: 'Look it up in WhatsApp Manager: switching calling on needs 2,000 people per 24 hours.',
    es: 'Consúltelo en WhatsApp Manager: activar las llamadas exige 2000 personas cada 24 horas.',
  },
  account: {
    en: 'Look at the account in WhatsApp Manager; a gateway that runs shows what Meta reports.',
    es: 'Revise la cuenta en el Administrador de WhatsApp; un gateway en marcha muestra lo que Meta informa.',
  },
  coexistence: {
    en: 'Look in the 360dialog Hub whether the number is used in the WhatsApp Business app; with the D360_PARTNER_… variables the gateway reads it.',
    es: 'Revise en el Hub de 360dialog si el número se usa en la app WhatsApp Business; con las variables D360_PARTNER_… el gateway lo lee.',
  },
  country: {
    en: 'Start the gateway and write to the number from any phone.',
    es: 'Inicie el gateway y escriba al número desde cualquier teléfono.',
  },
  conversations_1k: {
    en: 'See GET /api/calling/conversation-requirements; the D360_PARTNER_… variables add the count of 360dialog.',
    es: 'Vea GET /api/calling/conversation-requirements; las variables D360_PARTNER_… agregan el conteo de 360dialog.',
  },
  payment: {
    en: 'Look at Funds in the 360dialog Hub; the D360_PARTNER_… variables let the gateway read the balance.',
    es: 'Revise los fondos en el Hub de 360dialog; con las variables D360_PARTNER_… el gateway puede leer el saldo.',
  },
  pick_up_rate: {
    en: 'Nothing to do: it shows by itself once there are calls.',
    es: 'No hay nada que hacer: la tasa aparece sola cuando haya llamadas.',
  },
  webhook: {
    en: 'Call the number once from a phone, or use `npm run test-call`.',
    es: 'Llame una vez al número desde un teléfono o use `npm run test-call`.',
  },
  listener: {
    en: 'Have the console or GET /api/events open, or make a subscription for call.incoming.',
    es: 'Tenga abierta la consola o GET /api/events, o cree una suscripción a call.incoming.',
  },
} as const satisfies Record<keyof typeof OPEN_TEXTS, Texts[string]>;

export const isOpenGate = (name: string): name is keyof typeof OPEN_TEXTS => Object.hasOwn(OPEN_TEXTS, name);

/** A gate that a newer gateway knows keeps its own name. */
export const nameOfGate = (name: string, language: 'en' | 'es'): string =>
  Object.hasOwn(GATE_TEXTS, name) ? GATE_TEXTS[name as keyof typeof GATE_TEXTS][language] : name;
