import { sayFrom, type Texts } from '#cli/terminal/texts.js';

/** Causes and remedies of gates that no code of the catalogue explains, progress and headlines. */
export const DIAGNOSIS_TEXTS = {
  asking_gateway: { en: 'Asking the gateway at {url} …', es: 'Consultando el gateway en {url} …' },
  number_alone: {
    en: '--number needs a running gateway: the environment knows the key of its own number alone.',
    es: '--number necesita un gateway en marcha: el entorno solo conoce la clave de su propio número.',
  },
  going_alone: {
    en: 'No gateway is asked; reading the settings and asking 360dialog itself …',
    es: 'Sin gateway; leyendo la configuración y consultando directamente a 360dialog …',
  },
  reading_status: { en: 'Reading every figure again …', es: 'Leyendo de nuevo todos los datos …' },
  reading_eligibility: { en: 'Reading the gates of the number …', es: 'Leyendo las condiciones del número …' },
  reading_person: { en: 'Reading what this person allows …', es: 'Leyendo lo que esta persona permite …' },
  reading_clock: { en: 'Comparing clocks …', es: 'Comparando relojes …' },
  reading_settings: { en: 'Reading the calling settings …', es: 'Leyendo la configuración de llamadas …' },
  reading_health: { en: 'Reading the health of the number …', es: 'Leyendo el estado del número …' },
  reading_webhook: { en: 'Reading the registered webhook …', es: 'Leyendo el webhook registrado …' },
  signed: { en: 'signed', es: 'con firma' },
  unsigned: { en: 'not signed', es: 'sin firma' },
  signature_unused: {
    en: '360dialog signs deliveries, and the gateway does not check it.',
    es: '360dialog firma las entregas y el gateway no lo comprueba.',
  },
  signature_secret: {
    en: 'Set D360_WEBHOOK_SIGNING_SECRET, at first with D360_WEBHOOK_SIGNATURE=observe. The registered token protects the webhook until then.',
    es: 'Defina D360_WEBHOOK_SIGNING_SECRET, primero con D360_WEBHOOK_SIGNATURE=observe. Hasta entonces, el token registrado protege el webhook.',
  },
  signature_observed: {
    en: 'Deliveries came without the right signature and were let in, since it is only observed.',
    es: 'Llegaron entregas sin la firma correcta y se aceptaron, porque solo se observa.',
  },
  signature_require: {
    en: 'Compare D360_WEBHOOK_SIGNING_SECRET with the secret at 360dialog; replace D360_WEBHOOK_SIGNATURE=observe by require once every delivery fits.',
    es: 'Compare D360_WEBHOOK_SIGNING_SECRET con el secreto en 360dialog; cambie D360_WEBHOOK_SIGNATURE=observe por require cuando todas las entregas coincidan.',
  },
  rules_old: {
    en: 'These rules of Meta and 360dialog were checked more than 60 days ago and may have changed: {names}.',
    es: 'Estas reglas de Meta y 360dialog se revisaron hace más de 60 días y pueden haber cambiado: {names}.',
  },
  rules_remedy: {
    en: 'Update the gateway; or compare `rules` of GET /api/calling/conversation-requirements with the pages that it names. No call is refused for it.',
    es: 'Actualice el gateway o compare `rules` de GET /api/calling/conversation-requirements con las páginas que indica. No se rechaza ninguna llamada por ello.',
  },
  subscriptions_paused: {
    en: 'Subscriptions are paused: their keys are deleted, or lack a scope of what they carry.',
    es: 'Hay suscripciones en pausa: sus claves se eliminaron o les falta un alcance de lo que entregan.',
  },
  subscriptions_remedy: {
    en: 'GET /api/subscriptions shows them with disabled_reason; resume each with PATCH { "paused": false } and a key that has the scopes, or delete it.',
    es: 'GET /api/subscriptions las muestra con disabled_reason; reanude cada una con PATCH { "paused": false } y una clave que tenga los alcances, o elimínela.',
  },
  forwards_set_aside: {
    en: 'The target of WEBHOOK_FORWARD_URL ({target}) refused deliveries for good; they are set aside, and what follows goes on.',
    es: 'El destino de WEBHOOK_FORWARD_URL ({target}) rechazó entregas de forma definitiva; quedaron apartadas y las siguientes continúan.',
  },
  forwards_set_aside_remedy: {
    en: '`npm run forwards -- list` shows them. Correct the target, then `npm run forwards -- replay --all`.',
    es: '`npm run forwards -- list` las muestra. Corrija el destino y luego ejecute `npm run forwards -- replay --all`.',
  },
  forwards_wait: {
    en: 'The target of WEBHOOK_FORWARD_URL ({target}) does not take deliveries: the oldest has waited since {at}.',
    es: 'El destino de WEBHOOK_FORWARD_URL ({target}) no acepta entregas: la más antigua espera desde {at}.',
  },
  forwards_wait_remedy: {
    en: 'Bring the target up, or make it answer 2xx; all that waits is forwarded then, in order. The log says why (forwarding.delivery_rejected).',
    es: 'Ponga en marcha el destino o haga que responda 2xx; lo que espera se reenvía entonces, en orden. El log dice el motivo (forwarding.delivery_rejected).',
  },
  configuration_remedy: {
    en: 'Correct these variables in the environment or in .env, as .env.example describes them.',
    es: 'Corrija estas variables en el entorno o en .env, como las describe .env.example.',
  },
  simulated: {
    en: 'No D360_API_KEY is set, so the built-in simulator stands in for 360dialog: no real phone can ring.',
    es: 'No hay D360_API_KEY, así que el simulador integrado reemplaza a 360dialog: ningún teléfono real puede sonar.',
  },
  simulated_remedy: {
    en: 'Set D360_API_KEY and D360_WEBHOOK_TOKEN to call for real.',
    es: 'Configure D360_API_KEY y D360_WEBHOOK_TOKEN para llamar de verdad.',
  },
  simulator_key: {
    en: 'The key of the built-in simulator is known to the gateway alone, so only the gateway can be asked.',
    es: 'Solo el gateway conoce la clave del simulador integrado, así que solo se puede consultar al gateway.',
  },
  no_token: {
    en: 'D360_WEBHOOK_TOKEN is missing: without it the gateway does not start with this key.',
    es: 'Falta D360_WEBHOOK_TOKEN: sin él, el gateway no arranca con esta clave.',
  },
  no_token_remedy: {
    en: 'Make one with `openssl rand -hex 32`, set it, and register it with `npm run register-webhook`.',
    es: 'Genere uno con `openssl rand -hex 32`, configúrelo y regístrelo con `npm run register-webhook`.',
  },
  gateway_refuses: {
    en: 'The gateway answers, but refuses the key that this command uses: {title}',
    es: 'El gateway responde, pero rechaza la clave que usa este comando: {title}',
  },
  gateway_refuses_remedy: {
    en: 'Give a key with the scope status:read by --key, GATEWAY_API_KEY or API_KEY.',
    es: 'Indique una clave con el alcance status:read con --key, GATEWAY_API_KEY o API_KEY.',
  },
  gateway_without_answer: {
    en: 'The gateway runs, but cannot show how the number stands: {title}',
    es: 'El gateway está en marcha, pero no puede mostrar el estado del número: {title}',
  },
  gateway_silent: {
    en: 'No gateway answers at {url} ({reason}): webhooks cannot be received there.',
    es: 'Ningún gateway responde en {url} ({reason}): ahí no se pueden recibir webhooks.',
  },
  gateway_silent_remedy: {
    en: 'Start it with `npm start`, or name its address with --url.',
    es: 'Inícielo con `npm start` o indique su dirección con --url.',
  },
  no_address: {
    en: 'HOST and PORT make no address of a gateway: {url}.',
    es: 'HOST y PORT no forman la dirección de un gateway: {url}.',
  },
  no_gateway_there: {
    en: 'At {url}, which HOST and PORT name, something else answers than a gateway ({reason}).',
    es: 'En {url}, que HOST y PORT indican, responde algo que no es un gateway ({reason}).',
  },
  address_remedy: {
    en: 'Set HOST and PORT as the gateway has them, to a port that no other program uses; or name its address with --url.',
    es: 'Configure HOST y PORT como los tiene el gateway, con un puerto que ningún otro programa use, o indique su dirección con --url.',
  },
  unreachable_cause: { en: '{url} does not answer: {reason}.', es: '{url} no responde: {reason}.' },
  token_missing: {
    en: 'The webhook is registered without an Authorization header: every delivery will be refused with 401.',
    es: 'El webhook está registrado sin el encabezado Authorization: toda entrega se rechazará con 401.',
  },
  token_unproven: {
    en: 'No delivery has arrived yet, so nobody can tell whether it would carry the token.',
    es: 'Todavía no llegó ninguna entrega, así que no se sabe si traería el token.',
  },
  token_remedy: { en: 'Register the webhook with `npm run register-webhook`.', es: 'Registre el webhook con `npm run register-webhook`.' },
  callback_off: {
    en: 'WhatsApp does not ask callers whether you may call them back.',
    es: 'WhatsApp no pregunta a quienes llaman si usted puede devolverles la llamada.',
  },
  callback_remedy: {
    en: 'Set callback_permission_status to ENABLED: each inbound call then brings a permission.',
    es: 'Ponga callback_permission_status en ENABLED: cada llamada entrante traerá entonces un permiso.',
  },
  hours_closed: {
    en: 'By the call hours of the number it is closed now: WhatsApp lets nobody call in.',
    es: 'Según el horario de llamadas del número, ahora está cerrado: WhatsApp no deja que nadie llame.',
  },
  hours_remedy: {
    en: 'Wait for the opening, or change call_hours in the settings. Outbound calls are not affected.',
    es: 'Espere la apertura o cambie call_hours en la configuración. Las llamadas salientes no se ven afectadas.',
  },
  health_cause: { en: 'Meta says {value}. {details}', es: 'Meta dice {value}. {details}' },
  health_remedy: {
    en: 'Look into the WhatsApp Manager and the 360dialog Hub for the account.',
    es: 'Revise la cuenta en WhatsApp Manager y en el Hub de 360dialog.',
  },
  no_preflight: {
    en: 'The gateway did not tell what this person allows: {reason}',
    es: 'El gateway no dijo lo que esta persona permite: {reason}',
  },
  clock_off: {
    en: 'The clock differs from that of 360dialog by {seconds} s: deadlines and the 60 s to answer a call are judged wrongly.',
    es: 'El reloj difiere del de 360dialog en {seconds} s: los plazos y los 60 s para contestar una llamada se calculan mal.',
  },
  clock_remedy: {
    en: 'Switch on time synchronisation (NTP) on the machine of the gateway.',
    es: 'Active la sincronización horaria (NTP) en la máquina del gateway.',
  },
  clock_unknown: { en: '360dialog told no time to compare with.', es: '360dialog no dio una hora con la que comparar.' },
  headline_outbound: {
    en: 'Why your calls are refused: {cause} What to do: {remedy}',
    es: 'Por qué se rechazan sus llamadas: {cause} Qué hacer: {remedy}',
  },
  headline_configuration: {
    en: 'The gateway is not configured: {cause} What to do: {remedy}',
    es: 'El gateway no está configurado: {cause} Qué hacer: {remedy}',
  },
  headline_key: {
    en: 'This command has no right to ask the gateway: {cause} What to do: {remedy}',
    es: 'Este comando no tiene derecho a consultar el gateway: {cause} Qué hacer: {remedy}',
  },
  headline_inbound: {
    en: 'Nothing refuses your outbound calls, but inbound calls do not arrive: {cause} What to do: {remedy}',
    es: 'Nada rechaza sus llamadas salientes, pero las entrantes no llegan: {cause} Qué hacer: {remedy}',
  },
  headline_inbound_alone: {
    en: 'Inbound calls do not arrive: {cause} What to do: {remedy}',
    es: 'Las llamadas entrantes no llegan: {cause} Qué hacer: {remedy}',
  },
  headline_unknown: {
    en: 'Nothing that is known refuses your calls, but not everything is known: {names}.',
    es: 'Ninguna condición conocida rechaza sus llamadas, pero faltan datos: {names}.',
  },
  headline_fine: { en: 'Nothing refuses your calls now.', es: 'Ahora nada rechaza sus llamadas.' },
  headline_latest: {
    en: 'The latest refusal ({code}): {cause} What to do: {remedy}',
    es: 'El último rechazo ({code}): {cause} Qué hacer: {remedy}',
  },
  headline_unreachable: {
    en: 'Neither a gateway nor 360dialog could be reached: {cause} What to do: {remedy}',
    es: 'No se pudo llegar ni a un gateway ni a 360dialog: {cause} Qué hacer: {remedy}',
  },
  refusals: { en: 'Refused in the last 7 days', es: 'Rechazos de los últimos 7 días' },
  count: { en: '{count} × {operation}, last {at}', es: '{count} × {operation}, el último {at}' },
  value: { en: 'found {value}', es: 'hay {value}' },
  required: { en: 'needs {required}', es: 'se requiere {required}' },
} as const satisfies Texts;

export const sayDiagnosis = sayFrom(DIAGNOSIS_TEXTS);
