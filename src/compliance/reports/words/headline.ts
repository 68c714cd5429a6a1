import { limitOf, type Voice } from '#compliance/reports/page/texts.js';
import type { NumberPeriodView, PeriodChangeView, PeriodReportsView } from '#compliance/reports/periods/period-report.view.js';
import { actionText, causeText } from './causes.js';
import { figureLabel, figureValue, isRate, numberText, UNKNOWN_TEXT } from './labels.js';

/** The first sentence of a report: what changed since the one before, and what to do now. */
export function headlineOf({ period, numbers }: PeriodReportsView, voice: Voice): string {
  const { say, count } = voice;
  const [first] = numbers;
  if (!first) return say('none_reached');
  if (numbers.length === 1) return numberHeadline(first, voice);
  const before = say(`since_${period.every}`);
  const changed = numbers.filter(({ changes }) => changes.length > 0).length;
  const values = { before, changed: count(changed), numbers: count(numbers.length) };
  const news = say(changed === 0 ? 'nothing_changed' : 'numbers_changed', values);
  const asks = first.attention !== 'fine' || first.changes.length > 0;
  const what = first.changes.length > 0 ? `${newsOf(first, voice)}; ${whatToDo(first, voice)}` : whatToDo(first, voice);
  return sentence(`${news}; ${asks ? say('first_of_all', { number: numberText(first, voice), what }) : say('todo_nothing')}`);
}

/** The same sentence about one number. */
export const numberHeadline = (number: NumberPeriodView, voice: Voice): string =>
  sentence(`${whatChanged(number, voice)}; ${whatToDo(number, voice)}`);

function whatChanged(number: NumberPeriodView, voice: Voice): string {
  const { say } = voice;
  if (number.reported_days === 0) return say('no_report');
  if (number.previous === null) return say('first_report');
  const before = say(`since_${number.period.every}`);
  return number.changes.length === 0 ? say('nothing_changed', { before }) : say('since', { before, news: newsOf(number, voice) });
}

/** The two most important changes; the figures show the others. */
function newsOf({ changes }: NumberPeriodView, voice: Voice): string {
  const [first, second, ...others] = changes;
  if (!first) return '';
  const isOfBoth = second !== undefined && DIRECTIONS.has(first.about) && DIRECTIONS.has(second.about) && isSame(first, second);
  const one = isOfBoth ? verdictText(first, 'all_calls', voice) : changeText(first, voice);
  const next = isOfBoth ? others[0] : second;
  return next ? voice.say('and', { one, other: changeText(next, voice) }) : one;
}

const DIRECTIONS: ReadonlySet<string> = new Set(['outbound', 'inbound']);

const isSame = (one: PeriodChangeView, other: PeriodChangeView): boolean => one.now === other.now && one.code === other.code;

function whatToDo({ reported_days, action_code, attention, figures }: NumberPeriodView, { say, language }: Voice): string {
  if (reported_days === 0) return say('todo_check');
  if (action_code !== null) return say('todo', { action: actionText(action_code, language) });
  if (attention === 'unknown') return say('todo_check');
  const missed = figures.find(({ name }) => name === 'calls.inbound.missed')?.value ?? 0;
  return say(missed > 0 ? 'todo_missed' : 'todo_nothing');
}

/** One change, as a part of a sentence. */
export function changeText(change: PeriodChangeView, voice: Voice): string {
  const { say } = voice;
  const time = timeText(change.as_of, voice);
  switch (change.about) {
    case 'outbound':
    case 'inbound':
      return verdictText(change, `${change.about}_calls`, voice);
    case 'gate':
      return say(change.now === null ? 'cause_went' : 'cause_came', { time, cause: causeText(change.code ?? '', voice.language) });
    case 'meets_1k_requirement':
      return say(change.now === null ? 'goal_unknown' : `goal_${change.now as 'met' | 'not_met'}`);
    case 'messaging_limit':
      return say('limit_now', { time, now: limitText(change.now, voice), before: limitText(change.before, voice) });
    default:
      return figureChange(change, voice);
  }
}

function verdictText(
  { now, code, as_of }: PeriodChangeView,
  whose: 'all_calls' | 'outbound_calls' | 'inbound_calls',
  voice: Voice,
): string {
  const { say, language } = voice;
  const values = { calls: say(whose), time: timeText(as_of, voice) };
  if (now === 'available') return say('change_available', values);
  if (now !== 'blocked') return say('change_unknown', values);
  const found = say('change_blocked', values);
  return code === null ? found : `${found} ${say('because')} ${causeText(code, language)}`;
}

const timeText = (at: string | null, { time }: Voice): string => (at === null ? UNKNOWN_TEXT : time(at));

function figureChange({ about, before, now }: PeriodChangeView, voice: Voice): string {
  const way = Number(now) > Number(before) ? 'rose' : 'fell';
  const name = withArticle(inside(figureLabel(about, voice)), voice);
  return voice.say(isRate(about) ? `rate_${way}` : way, {
    name,
    before: figureValue(about, before, voice),
    now: figureValue(about, now, voice),
  });
}

/** Spanish names what it counts with its article. */
function withArticle(name: string, { language }: Voice): string {
  if (language === 'en' || name.startsWith('todas')) return name;
  return `${name.startsWith('tasa') ? 'la' : 'las'} ${name}`;
}

const limitText = (tier: string | number | null, voice: Voice): string =>
  limitOf({ messaging_limit: tier === null ? null : String(tier) }, voice).toLowerCase();

/** The beginning of a sentence within another one. */
const inside = (text: string): string => (/^[A-ZÁÉÍÓÚ][a-záéíóú]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);

/** With a capital letter and a point. */
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
