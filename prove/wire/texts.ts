import { sayFrom, type Texts } from '#cli/terminal/texts.js';

/** Reasons of `could_not_tell`. */
export const REASONS = {
  needs_person: { en: 'needs --to NUMBER', es: 'requiere --to NÚMERO' },
  skipped: { en: 'skipped', es: 'omitido' },
  not_kept: { en: 'the gateway does not keep it', es: 'el gateway no lo guarda' },
  not_there: { en: 'the answer does not hold it', es: 'la respuesta no lo trae' },
  not_seen_yet: { en: 'nothing of the kind has arrived yet', es: 'todavía no llegó nada de ese tipo' },
  no_key_here: {
    en: '360dialog was not asked: D360_API_KEY is not set here',
    es: 'no se consultó a 360dialog: D360_API_KEY no está definida aquí',
  },
  refused: { en: 'the request was refused for another reason', es: 'la solicitud se rechazó por otro motivo' },
  lost: { en: 'no answer came', es: 'no llegó respuesta' },
  permission_held: { en: 'the permission is there already', es: 'el permiso ya existe' },
  no_reply: { en: 'the person has not accepted in time', es: 'la persona no aceptó a tiempo' },
  otherwise: { en: 'the person did something else', es: 'la persona hizo otra cosa' },
  no_bsuid: { en: 'no BSUID of this person is known', es: 'no se conoce un BSUID de esta persona' },
  nothing_to_compare: { en: 'there was nothing to compare with', es: 'no había con qué comparar' },
} as const satisfies Texts;

export type Reason = keyof typeof REASONS;

/** Reasons that leave the exit code alone: nothing was asked, or it cannot be seen from here. */
export const QUIET: ReadonlySet<Reason> = new Set([
  'needs_person',
  'skipped',
  'not_kept',
  'not_there',
  'not_seen_yet',
  'permission_held',
  'no_bsuid',
  'nothing_to_compare',
]);

/** The steps, each with what it does; printed before it runs. */
export const STEPS = {
  settings: { en: 'Read the calling settings', es: 'Leer la configuración de llamadas' },
  health: { en: 'Read the health and ask for the messaging limit', es: 'Leer el estado de salud y pedir el límite de mensajería' },
  webhook: { en: 'Read the registered webhook and what has arrived', es: 'Leer el webhook registrado y lo que ha llegado' },
  clock: { en: 'Compare the clocks', es: 'Comparar los relojes' },
  errors: {
    en: 'Provoke four harmless refusals: no key, an invented call id (twice), and the invented action request_permission, all without an addressee',
    es: 'Provocar cuatro rechazos inofensivos: sin clave, un id de llamada inventado (dos veces) y la acción inventada request_permission, todos sin destinatario',
  },
  permission: { en: 'Read a call permission in several spellings', es: 'Leer un permiso de llamada de varias formas' },
  ask: {
    en: 'Ask {to} for permission to call, and wait for the answer. Please accept on the phone',
    es: 'Pedir permiso para llamar a {to} y esperar la respuesta. Acepte en el teléfono',
  },
  declined: { en: 'Ring {to}. Please DECLINE the call', es: 'Llamar a {to}. RECHACE la llamada' },
  answered: {
    en: 'Ring {to}. Please ANSWER; the gateway hangs up after 5 s (there is no audio)',
    es: 'Llamar a {to}. CONTESTE; el gateway cuelga después de 5 s (no hay audio)',
  },
  unanswered: {
    en: 'Ring {to}. Please let it ring until it stops by itself (about a minute)',
    es: 'Llamar a {to}. Deje sonar hasta que pare solo (cerca de un minuto)',
  },
  canceled: {
    en: 'Ring {to} and hang up while it rings. Please do nothing. It is the second call in a row without an answer: WhatsApp may ask the person whether to keep the permission',
    es: 'Llamar a {to} y colgar mientras suena. No haga nada. Es la segunda llamada seguida sin respuesta: WhatsApp puede preguntar a la persona si mantiene el permiso',
  },
} as const satisfies Texts;

export type StepName = keyof typeof STEPS;

export const WIRE_TEXTS = {
  no_terminal: {
    en: 'Nobody can be asked before each step: use --yes, or run this in a terminal',
    es: 'No hay a quién preguntar antes de cada paso: use --yes o ejecútelo en una terminal',
  },
  unwritable: { en: '--out {file} cannot be written: {reason}', es: 'No se puede escribir --out {file}: {reason}' },
  simulator: {
    en: 'The gateway runs against its simulator: this proves the simulator, not the wire.',
    es: 'El gateway usa su simulador: esto prueba el simulador, no el sistema real.',
  },
  go_on: { en: 'Go on? [Y]es, [n]o (skip), [q]uit: ', es: '¿Continuar? [S]í, [n]o (omitir), [q] salir: ' },
  checks: { en: 'checks {ids}', es: 'comprueba {ids}' },
  holds: { en: 'holds', es: 'se cumple' },
  does_not_hold: { en: 'does not hold', es: 'no se cumple' },
  could_not_tell: { en: 'could not tell', es: 'no se pudo saber' },
  summary: {
    en: '{holds} hold, {does_not_hold} do not hold, {could_not_tell} could not be told. The others of docs/assumptions.md are by hand.',
    es: '{holds} se cumplen, {does_not_hold} no se cumplen, {could_not_tell} no se pudieron comprobar. Las demás de docs/assumptions.md se comprueban a mano.',
  },
  meaning: {
    en: 'What an assumption that does not hold changes, docs/assumptions.md says by its id.',
    es: 'docs/assumptions.md indica, por id, qué cambia si una suposición no se cumple.',
  },
  interrupted: { en: 'Interrupted: what is left is skipped.', es: 'Interrumpido: se omite lo que falta.' },
  written: { en: 'The report stands in {file}.', es: 'El informe está en {file}.' },
} as const satisfies Texts;

export const sayReason = sayFrom(REASONS);
export const sayStep = sayFrom(STEPS);
export const sayWire = sayFrom(WIRE_TEXTS);
