import type { Language } from '#error-catalogue/catalogue.js';

const EN = {
  title: 'WhatsApp calling: compliance report',
  simulator: 'These figures come from the built-in simulator. Nobody here is real.',
  number: 'Number',
  period: 'Period',
  revision: 'Revision',
  written: 'Written',
  conversations: 'Business-initiated conversations',
  of_required: 'of {required} in {days} days',
  remaining: '{remaining} to go',
  met: 'Requirement met',
  not_met: 'Requirement not met',
  undecided: 'Not decided: {reason}',
  limit: 'Messaging limit',
  limit_needs: 'Meta asks for {required} users a day before calling can be switched on',
  limit_met: 'High enough for calling',
  limit_low: 'Too low for calling',
  unknown: 'Unknown',
  outbound: 'Outbound calls',
  inbound: 'Inbound calls',
  available: 'Available',
  blocked: 'Blocked',
  progress_chart: 'Progress within the window',
  progress_desc: 'Business-initiated conversations of the last {days} days, day by day, against the goal of {required}.',
  goal: 'Goal {required}',
  projection_on: 'At {pace} a day the goal is reached on {date}; with {confidence} % likelihood between {from} and {to}.',
  projection_none: 'No date is promised: {reason}. The pace is {pace} a day; {required} a day would fill the window.',
  daily_chart: 'Conversations per day',
  daily_desc: 'Each bar is a day: business-initiated below, all others above.',
  business: 'Business-initiated',
  others: 'Others',
  tier_chart: 'Messaging limit over time',
  tier_desc: 'The messaging limit as polls have seen it.',
  calls_chart: 'Answered calls',
  calls_desc: 'Calls per day that rang, and how many were answered.',
  answered: 'Answered',
  unanswered: 'Not answered',
  answer_rate: 'Outbound answer rate {outbound}, inbound pick-up rate {inbound}, over {days} days.',
  no_series: 'No source tells daily figures yet.',
  no_tiers: 'No poll has seen a messaging limit yet.',
  no_calls: 'No calls in these days.',
  figures: 'The period in figures',
  source: 'Source',
  zone: 'Zone of its day',
  total: 'All',
  gates: 'Gates',
  gate: 'Gate',
  found: 'Found',
  needed: 'Needed',
  none_of: 'none of',
  remedy: 'What to do',
  seen: 'Seen',
  sources: 'What every source says',
  unit: 'Counts',
  scope: 'Of',
  note: 'Note',
  changes: 'Restated by late data',
  field: 'Figure',
  before: 'Before',
  after: 'Now',
  table: 'The same as a table',
  date: 'Day',
  in_window: 'In the window',
  pass: 'passes',
  fail: 'fails',
  warning: 'warns',
  coverage: 'The source {source} covers {from} to {to}, {complete}.',
  complete: 'the whole window',
  partial: 'a part of the window only',
  two_facts: 'The count is the requirement of this project; the messaging limit is what Meta checks. They are two facts.',
};

export type TextKey = keyof typeof EN;

const ES: Record<TextKey, string> = {
  title: 'Llamadas de WhatsApp: informe de cumplimiento',
  simulator: 'Estas cifras vienen del simulador integrado. Ninguna persona es real.',
  number: 'Número',
  period: 'Periodo',
  revision: 'Revisión',
  written: 'Escrito',
  conversations: 'Conversaciones iniciadas por la empresa',
  of_required: 'de {required} en {days} días',
  remaining: 'faltan {remaining}',
  met: 'Requisito cumplido',
  not_met: 'Requisito no cumplido',
  undecided: 'Sin decidir: {reason}',
  limit: 'Límite de mensajes',
  limit_needs: 'Meta pide {required} usuarios al día antes de activar las llamadas',
  limit_met: 'Suficiente para llamar',
  limit_low: 'Demasiado bajo para llamar',
  unknown: 'Desconocido',
  outbound: 'Llamadas salientes',
  inbound: 'Llamadas entrantes',
  available: 'Disponibles',
  blocked: 'Bloqueadas',
  progress_chart: 'Avance dentro de la ventana',
  progress_desc: 'Conversaciones iniciadas por la empresa en los últimos {days} días, día a día, frente a la meta de {required}.',
  goal: 'Meta {required}',
  projection_on: 'Con {pace} al día la meta se alcanza el {date}; con un {confidence} % de probabilidad entre el {from} y el {to}.',
  projection_none: 'No se promete fecha: {reason}. El ritmo es de {pace} al día; con {required} al día se llenaría la ventana.',
  daily_chart: 'Conversaciones por día',
  daily_desc: 'Cada barra es un día: abajo las iniciadas por la empresa, arriba las demás.',
  business: 'Iniciadas por la empresa',
  others: 'Las demás',
  tier_chart: 'Límite de mensajes en el tiempo',
  tier_desc: 'El límite de mensajes tal como lo vieron las consultas.',
  calls_chart: 'Llamadas contestadas',
  calls_desc: 'Llamadas por día que sonaron y cuántas se contestaron.',
  answered: 'Contestadas',
  unanswered: 'Sin contestar',
  answer_rate: 'Llamadas contestadas en {days} días: salientes {outbound}, entrantes {inbound}.',
  no_series: 'Ninguna fuente da todavía cifras diarias.',
  no_tiers: 'Ninguna consulta ha visto todavía un límite de mensajes.',
  no_calls: 'No hubo llamadas en estos días.',
  figures: 'El periodo en cifras',
  source: 'Fuente',
  zone: 'Zona de su día',
  total: 'Todas',
  gates: 'Condiciones',
  gate: 'Condición',
  found: 'Encontrado',
  needed: 'Necesario',
  none_of: 'ninguno de',
  remedy: 'Qué hacer',
  seen: 'Visto',
  sources: 'Lo que dice cada fuente',
  unit: 'Cuenta',
  scope: 'De',
  note: 'Nota',
  changes: 'Corregido por datos tardíos',
  field: 'Cifra',
  before: 'Antes',
  after: 'Ahora',
  table: 'Lo mismo en una tabla',
  date: 'Día',
  in_window: 'En la ventana',
  pass: 'se cumple',
  fail: 'no se cumple',
  warning: 'advierte',
  coverage: 'La fuente {source} cubre del {from} al {to}, {complete}.',
  complete: 'toda la ventana',
  partial: 'solo una parte de la ventana',
  two_facts: 'El conteo es el requisito de este proyecto; el límite de mensajes es lo que Meta comprueba. Son dos datos distintos.',
};

/** Reasons, gates, sources and units as people say them; a word without an entry is shown as it is. */
const WORDS: Readonly<Record<string, Record<Language, string>>> = {
  met: { en: 'the goal is reached', es: 'la meta se alcanzó' },
  too_little_data: { en: 'too little data', es: 'muy pocos datos' },
  pace_below_requirement: { en: 'the pace can never fill the window', es: 'el ritmo no puede llenar la ventana' },
  pace_near_requirement: { en: 'the pace is too close to what is needed', es: 'el ritmo está demasiado cerca de lo necesario' },
  no_source: { en: 'no source tells the count', es: 'ninguna fuente informa el conteo' },
  nothing_seen: { en: 'no conversation has been seen', es: 'no se ha visto ninguna conversación' },
  no_days: { en: 'the source tells no days', es: 'la fuente no informa datos por día' },
  figure_missing: { en: 'the source leaves the figure out', es: 'la fuente omite la cifra' },
  stale: { en: 'the last answer is too old', es: 'la última respuesta es demasiado antigua' },
  window_incomplete: { en: 'the window is known in part', es: 'la ventana se conoce en parte' },
  webhook_silent: { en: 'no deliveries arrive', es: 'no llegan entregas' },
  conversations_not_told: { en: 'Meta tells messages without their conversation', es: 'Meta informa los mensajes sin su conversación' },
  contradicted_by_webhooks: { en: 'contradicted by our own webhooks', es: 'contradicho por nuestros propios webhooks' },
  other_unit: { en: 'another unit, does not decide', es: 'otra unidad, no decide' },
  conversation: { en: 'conversations', es: 'conversaciones' },
  message: { en: 'messages', es: 'mensajes' },
  unique_user: { en: 'users', es: 'usuarios' },
  partner_api: { en: 'partner API', es: 'API de partner' },
  webhooks: { en: 'own webhooks', es: 'webhooks propios' },
  webhook: { en: 'Webhook', es: 'Webhook' },
  owner: { en: 'declared by the owner', es: 'declarado por el dueño' },
  number: { en: 'this number', es: 'este número' },
  client: { en: 'all numbers of the client', es: 'todos los números del cliente' },
  portfolio: { en: 'the business portfolio', es: 'el portafolio comercial' },
  calling_enabled: { en: 'Calling is switched on', es: 'Las llamadas están activadas' },
  sip_disabled: { en: 'SIP is off', es: 'SIP está desactivado' },
  restriction: { en: 'No restriction', es: 'Sin restricción' },
  country: { en: 'Country of the number', es: 'País del número' },
  messaging_limit: { en: 'Messaging limit', es: 'Límite de mensajes' },
  conversations_1k: { en: 'Conversations', es: 'Conversaciones' },
  payment: { en: 'Payment', es: 'Pago' },
  pick_up_rate: { en: 'Pick-up rate', es: 'Tasa de respuesta' },
  call_accepted: { en: 'Meta takes calls on', es: 'Meta acepta llamadas' },
  refused: { en: 'refused', es: 'rechazado' },
  key: { en: 'API key', es: 'Clave de API' },
  listener: { en: 'Somebody takes inbound calls', es: 'Alguien recibe las llamadas entrantes' },
  gateway: { en: 'this gateway', es: 'este gateway' },
  ENABLED: { en: 'on', es: 'activo' },
  DISABLED: { en: 'off', es: 'inactivo' },
  NOT_SET: { en: 'never set', es: 'nunca definido' },
};

const DAY_MS = 86_400_000;

/** The texts of a language. */
export interface Voice {
  language: Language;
  say(key: TextKey, values?: Record<string, string | number>): string;
  word(name: string): string;
  count(value: number): string;
  /** How many people a messaging limit allows, such as `2,000` for `TIER_2K`. */
  tier(name: string): string;
  day(date: string): string;
  /** The last day of a time that ends with the beginning of `end`. */
  lastDay(end: string): string;
  /** Day and month, for an axis. */
  shortDay(date: string): string;
  time(at: string): string;
}

export function voiceOf(language: Language): Voice {
  const texts = language === 'es' ? ES : EN;
  const locale = language === 'es' ? 'es-MX' : 'en-US';
  const numbers = new Intl.NumberFormat(locale);
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const shortDays = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' });
  const times = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  return {
    language,
    say: (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '—')),
    word: (name) => WORDS[name]?.[language] ?? name.replaceAll('_', ' '),
    count: (value) => numbers.format(value),
    tier: (name) => tierOf(name, numbers),
    day: (date) => days.format(Date.parse(date)),
    lastDay: (end) => days.format(Date.parse(end) - DAY_MS),
    shortDay: (date) => shortDays.format(Date.parse(date)),
    time: (at) => `${times.format(Date.parse(at))} UTC`,
  };
}

function tierOf(name: string, numbers: Intl.NumberFormat): string {
  const [, digits, thousands] = /^TIER_(\d+)(K?)$/.exec(name) ?? [];
  if (digits === undefined) return name === 'TIER_UNLIMITED' ? '∞' : name;
  return numbers.format(Number(digits) * (thousands ? 1_000 : 1));
}
