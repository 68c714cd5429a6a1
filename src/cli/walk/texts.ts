import { sayFrom, type Texts } from '#cli/terminal/texts.js';

/** The steps and the outcomes of a test call. */
export const WALK_TEXTS = {
  unreadable_offer: { en: 'The offer in {file} cannot be used: {reason}', es: 'La oferta de {file} no se puede usar: {reason}' },
  simulator: {
    en: 'The gateway runs against its simulator: no real phone will ring.',
    es: 'El gateway usa su simulador: no sonará ningún teléfono real.',
  },
  preflight: { en: 'Before the call: may {to} be called now?', es: 'Antes de llamar: ¿se puede llamar a {to} ahora?' },
  no_preflight: { en: 'The gateway cannot tell beforehand: {reason}', es: 'El gateway no puede decirlo de antemano: {reason}' },
  may_call: { en: 'Nothing stands in the way.', es: 'Nada lo impide.' },
  will_ask: {
    en: 'The person must give permission first, and may be asked for it now.',
    es: 'La persona debe dar permiso antes, y ahora se le puede pedir.',
  },
  may_not_call: { en: 'This call would be refused.', es: 'Esta llamada se rechazaría.' },
  may_be_unknown: { en: 'Nobody can tell for certain.', es: 'No se sabe con certeza.' },
  dry: { en: 'Nothing was sent (--dry-run).', es: 'No se envió nada (--dry-run).' },
  step_one: { en: 'Step 1: the permission to call {to}', es: 'Paso 1: el permiso para llamar a {to}' },
  asked: {
    en: 'The person was asked for permission; waiting for the answer (at most {seconds} s) …',
    es: 'Se le pidió permiso a la persona; esperando su respuesta (máximo {seconds} s) …',
  },
  held: { en: 'The permission is there.', es: 'Ya hay permiso.' },
  step_two: { en: 'Step 2: the call', es: 'Paso 2: la llamada' },
  no_audio: {
    en: 'The offer is built in and has no media behind it: the phone rings, but the call carries no audio.',
    es: 'La oferta es de prueba y no tiene audio detrás: el teléfono suena, pero no se oye nada.',
  },
  dialing: { en: '360dialog has taken the call; dialing …', es: '360dialog aceptó la llamada; marcando …' },
  outcome_unknown: {
    en: 'The answer of 360dialog was lost: nobody knows whether the phone rings. It is not dialled again.',
    es: 'Se perdió la respuesta de 360dialog: no se sabe si el teléfono suena. No se vuelve a marcar.',
  },
  ringing: { en: 'The phone rings.', es: 'El teléfono suena.' },
  in_progress: { en: 'Answered. Hanging up after {seconds} s …', es: 'Contestaron. Se colgará en {seconds} s …' },
  hanging_up: { en: 'Hanging up …', es: 'Colgando …' },
  interrupted: { en: 'Interrupted: ending the call …', es: 'Interrumpido: terminando la llamada …' },
  timed_out: {
    en: 'Nothing more came within {seconds} s: ending the call …',
    es: 'No llegó nada más en {seconds} s: terminando la llamada …',
  },
  answered: {
    en: 'The call was answered and is over ({seconds} s of talk).',
    es: 'Contestaron la llamada y terminó ({seconds} s de conversación).',
  },
  rejected: { en: 'The person rejected the call.', es: 'La persona rechazó la llamada.' },
  no_answer: { en: 'Nobody answered.', es: 'Nadie contestó.' },
  canceled: { en: 'The call was called off before anybody answered.', es: 'La llamada se canceló antes de que alguien contestara.' },
  permission_denied: { en: 'The person refused the permission.', es: 'La persona negó el permiso.' },
  expired: { en: 'The time to answer the request is over.', es: 'Se acabó el tiempo para responder la solicitud.' },
  failed: { en: 'The call failed.', es: 'La llamada falló.' },
  unknown: { en: 'How the call ended is not known.', es: 'No se sabe cómo terminó la llamada.' },
  timeline: { en: 'Everything that happened: {url}', es: 'Todo lo que ocurrió: {url}' },
} as const satisfies Texts;

export const sayWalk = sayFrom(WALK_TEXTS);
