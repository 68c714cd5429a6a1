import type { ReportStatusView } from '#compliance/reports/status/report-status.view.js';
import { PERIOD_TEXTS } from '#compliance/reports/words/period-texts.js';
import type { Language } from '#error-catalogue/catalogue.js';

const TEXTS = {
  ...PERIOD_TEXTS,
  title: { en: 'WhatsApp calling: compliance report', es: 'Llamadas de WhatsApp: informe de cumplimiento' },
  simulator: {
    en: 'These figures come from the built-in simulator. Nobody here is real.',
    es: 'Estas cifras vienen del simulador integrado. Ninguna persona es real.',
  },
  number: { en: 'Number', es: 'Número' },
  period: { en: 'Period', es: 'Periodo' },
  revision: { en: 'Revision', es: 'Revisión' },
  written: { en: 'Written', es: 'Escrito' },
  conversations: { en: 'Business-initiated conversations', es: 'Conversaciones iniciadas por la empresa' },
  of_required: { en: 'of {required} in {days} days', es: 'de {required} en {days} días' },
  remaining: { en: '{remaining} to go', es: 'faltan {remaining}' },
  met: { en: 'Requirement met', es: 'Requisito cumplido' },
  not_met: { en: 'Requirement not met', es: 'Requisito no cumplido' },
  undecided: { en: 'Not decided: {reason}', es: 'Sin decidir: {reason}' },
  limit: { en: 'Messaging limit', es: 'Límite de mensajes' },
  limit_needs: {
    en: 'Meta asks for {required} users a day before calling can be switched on',
    es: 'Meta pide {required} usuarios al día antes de activar las llamadas',
  },
  limit_met: { en: 'High enough for calling', es: 'Suficiente para llamar' },
  limit_low: { en: 'Too low for calling', es: 'Demasiado bajo para llamar' },
  unknown: { en: 'Unknown', es: 'Desconocido' },
  outbound: { en: 'Outbound calls', es: 'Llamadas salientes' },
  inbound: { en: 'Inbound calls', es: 'Llamadas entrantes' },
  available: { en: 'Available', es: 'Disponibles' },
  blocked: { en: 'Blocked', es: 'Bloqueadas' },
  progress_chart: { en: 'Progress within the window', es: 'Avance dentro de la ventana' },
  progress_desc: {
    en: 'Business-initiated conversations of the last {days} days, day by day, against the goal of {required}.',
    es: 'Conversaciones iniciadas por la empresa en los últimos {days} días, día a día, frente a la meta de {required}.',
  },
  goal: { en: 'Goal {required}', es: 'Meta {required}' },
  projection_on: {
    en: 'At {pace} a day the goal is reached on {date}; with {confidence} % likelihood between {from} and {to}.',
    es: 'Con {pace} al día la meta se alcanza el {date}; con un {confidence} % de probabilidad entre el {from} y el {to}.',
  },
  projection_none: {
    en: 'No date is promised: {reason}. The pace is {pace} a day; {required} a day would fill the window.',
    es: 'No se promete fecha: {reason}. El ritmo es de {pace} al día; con {required} al día se llenaría la ventana.',
  },
  daily_chart: { en: 'Conversations per day', es: 'Conversaciones por día' },
  daily_desc: {
    en: 'Each bar is a day: business-initiated below, all others above.',
    es: 'Cada barra es un día: abajo las iniciadas por la empresa, arriba las demás.',
  },
  business: { en: 'Business-initiated', es: 'Iniciadas por la empresa' },
  others: { en: 'Others', es: 'Las demás' },
  tier_chart: { en: 'Messaging limit over time', es: 'Límite de mensajes en el tiempo' },
  tier_desc: { en: 'The messaging limit as polls have seen it.', es: 'El límite de mensajes tal como lo vieron las consultas.' },
  answered: { en: 'Answered', es: 'Contestadas' },
  unanswered: { en: 'Not answered', es: 'Sin contestar' },
  no_series: { en: 'No source tells daily figures yet.', es: 'Ninguna fuente da todavía cifras diarias.' },
  no_tiers: { en: 'No poll has seen a messaging limit yet.', es: 'Ninguna consulta ha visto todavía un límite de mensajes.' },
  figures: { en: 'The period in figures', es: 'El periodo en cifras' },
  source: { en: 'Source', es: 'Fuente' },
  zone: { en: 'Zone of its day', es: 'Zona de su día' },
  total: { en: 'All', es: 'Todas' },
  gates: { en: 'Gates', es: 'Condiciones' },
  gate: { en: 'Gate', es: 'Condición' },
  found: { en: 'Found', es: 'Encontrado' },
  needed: { en: 'Needed', es: 'Necesario' },
  none_of: { en: 'none of', es: 'ninguno de' },
  remedy: { en: 'What to do', es: 'Qué hacer' },
  seen: { en: 'Seen', es: 'Visto' },
  sources: { en: 'What every source says', es: 'Lo que dice cada fuente' },
  unit: { en: 'Counts', es: 'Cuenta' },
  scope: { en: 'Of', es: 'De' },
  note: { en: 'Note', es: 'Nota' },
  changes: { en: 'Restated by late data', es: 'Corregido por datos tardíos' },
  field: { en: 'Figure', es: 'Cifra' },
  before: { en: 'Before', es: 'Antes' },
  after: { en: 'Now', es: 'Ahora' },
  table: { en: 'The same as a table', es: 'Lo mismo en una tabla' },
  date: { en: 'Day', es: 'Día' },
  in_window: { en: 'In the window', es: 'En la ventana' },
  pass: { en: 'passes', es: 'se cumple' },
  fail: { en: 'fails', es: 'no se cumple' },
  warning: { en: 'warns', es: 'advierte' },
  coverage: {
    en: 'The source {source} covers {from} to {to}, {complete}.',
    es: 'La fuente {source} cubre del {from} al {to}, {complete}.',
  },
  complete: { en: 'the whole window', es: 'toda la ventana' },
  partial: { en: 'a part of the window only', es: 'solo una parte de la ventana' },
  overview_title: { en: 'WhatsApp calling: the latest reports', es: 'Llamadas de WhatsApp: los informes más recientes' },
  overview_numbers: { en: '{numbers} numbers, {reported} with a report', es: '{numbers} números, {reported} con informe' },
  overview_none: { en: 'No report yet', es: 'Aún sin informe' },
  overview_note: {
    en: 'Each number has its own day and time zone. Conversations are not added up: numbers of one client share a count.',
    es: 'Cada número tiene su propio día y zona horaria. Las conversaciones no se suman: los números de un cliente comparten un conteo.',
  },
  answered_outbound: { en: 'Outbound answered', es: 'Salientes contestadas' },
  answered_inbound: { en: 'Inbound answered', es: 'Entrantes contestadas' },
  two_facts: {
    en: 'The count is the requirement of this project; the messaging limit is what Meta checks. They are two facts.',
    es: 'El conteo es el requisito de este proyecto; el límite de mensajes es lo que Meta comprueba. Son dos datos distintos.',
  },
};
export type TextKey = keyof typeof TEXTS;

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
  account: { en: 'Account in use', es: 'Cuenta en uso' },
  coexistence: { en: 'Not in the Business app', es: 'Fuera de la app Business' },
  cloud_api: { en: 'Cloud API alone', es: 'solo Cloud API' },
  business_app: { en: 'WhatsApp Business app', es: 'app WhatsApp Business' },
  call_primary: { en: 'This partner handles the calls', es: 'Este partner gestiona las llamadas' },
  messaging_limit: { en: 'Messaging limit', es: 'Límite de mensajes' },
  conversations_1k: { en: 'Conversations', es: 'Conversaciones' },
  payment: { en: 'Payment', es: 'Pago' },
  pick_up_rate: { en: 'Pick-up rate', es: 'Tasa de respuesta' },
  call_accepted: { en: 'Meta takes calls on', es: 'Meta acepta llamadas' },
  refused: { en: 'refused', es: 'rechazado' },
  this_partner: { en: 'this partner', es: 'este partner' },
  another_partner: { en: 'another partner', es: 'otro partner' },
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
  /** The zone in which times are shown. */
  timeZone: string;
  say(key: TextKey, values?: Record<string, string | number>): string;
  word(name: string): string;
  count(value: number): string;
  /** A rate from 0 to 1. */
  percent(value: number): string;
  /** With its sign. */
  signed(value: number): string;
  /** How many people a messaging limit allows, such as `2,000` for `TIER_2K`. */
  tier(name: string): string;
  day(date: string): string;
  /** The last day of a time that ends with the beginning of `end`. */
  lastDay(end: string): string;
  /** Day and month, for an axis. */
  shortDay(date: string): string;
  /** Month and year. */
  month(date: string): string;
  shortMonth(date: string): string;
  /** A moment in the zone of the reader, which it names. */
  time(at: string): string;
}

/** @param timeZone the zone in which times are shown; days are those of the reports */
export function voiceOf(language: Language, timeZone = 'UTC'): Voice {
  const locale = language === 'es' ? 'es-MX' : 'en-US';
  const numbers = new Intl.NumberFormat(locale);
  const percents = new Intl.NumberFormat(locale, { style: 'percent' });
  const signed = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' });
  const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options });
  const [days, shortDays] = [date({ dateStyle: 'medium' }), date({ month: 'short', day: 'numeric' })];
  const months = date({ month: 'long', year: 'numeric' });
  const shortMonths = date({ month: 'short', year: 'numeric' });
  const times = date({
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  });
  return {
    language,
    timeZone,
    say: (key, values = {}) => TEXTS[key][language].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '—')),
    word: (name) => WORDS[name]?.[language] ?? name.replaceAll('_', ' '),
    count: (value) => numbers.format(value),
    percent: (value) => percents.format(value),
    signed: (value) => signed.format(value).replace('-', '−'),
    tier: (name) => tierOf(name, numbers),
    day: (date) => days.format(Date.parse(date)),
    lastDay: (end) => days.format(Date.parse(end) - DAY_MS),
    shortDay: (date) => shortDays.format(Date.parse(date)),
    month: (date) => months.format(Date.parse(date)),
    shortMonth: (date) => shortMonths.format(Date.parse(date)),
    // A narrow blank between time and AM looks broken in some mail programs.
    time: (at) => times.format(Date.parse(at)).replaceAll('\u202f', ' '),
  };
}

/** The messaging limit of a report in people; `∞` when it is unlimited. A number that is no tier has no word. */
export function limitOf(
  { messaging_limit: tier, messaging_limit_users: users = null }: Pick<ReportStatusView, 'messaging_limit' | 'messaging_limit_users'>,
  voice: Voice,
): string {
  if (tier !== null) return voice.tier(tier);
  return users === null ? voice.say('unknown') : voice.count(users);
}

function tierOf(name: string, numbers: Intl.NumberFormat): string {
  const [, digits, thousands] = /^TIER_(\d+)(K?)$/.exec(name) ?? [];
  if (digits === undefined) return name === 'TIER_UNLIMITED' ? '∞' : name;
  return numbers.format(Number(digits) * (thousands ? 1_000 : 1));
}
