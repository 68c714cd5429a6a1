import { usageNote } from '#compliance/conversations/usage/limit-usage.js';
import type { NumberPeriodReportView, NumberPeriodView, PeriodReportsView } from '#compliance/reports/periods/period-report.view.js';
import type { ReportView } from '#compliance/reports/report.view.js';
import { causeText } from '#compliance/reports/words/causes.js';
import { numberHeadline } from '#compliance/reports/words/headline.js';
import { figureText, figureValue, numberText, UNKNOWN_TEXT } from '#compliance/reports/words/labels.js';
import { escaped, htmlElement, table } from './markup.js';
import { limitOf, type Voice } from './texts.js';
import { trendCharts } from './trend-charts.js';

const TONE = { available: 'good', blocked: 'bad', unknown: 'none' } as const;
export const ATTENTION_TONE = { act: 'bad', watch: 'warn', unknown: 'none', fine: 'good' } as const;

/** The figures that the table of all numbers shows. */
export const OVERVIEW_FIGURES = [
  'calls.inbound.answered',
  'calls.inbound.missed',
  'calls.outbound.answered',
  'calls.outbound.unanswered',
] as const;

/** All numbers in one table, those with trouble first. */
export function numbersTable({ numbers }: PeriodReportsView, voice: Voice): string {
  const { say } = voice;
  const heads = [say('number'), say('attention'), ...OVERVIEW_FIGURES.map((name) => say(name))];
  const rows = numbers.map((number, index) => [
    htmlElement('a', { href: `#number-${index + 1}` }, escaped(numberText(number, voice))),
    `<span class="tag ${ATTENTION_TONE[number.attention]}">${escaped(say(`attention_${number.attention}`))}</span>`,
    ...OVERVIEW_FIGURES.map((name) => escaped(withChange(number, name, voice))),
  ]);
  return `<section class="box">${table(say('all_numbers'), heads, rows, 'stack')}</section>`;
}

/** A figure with its change in brackets. */
export function withChange(number: NumberPeriodView, name: string, voice: Voice): string {
  const figure = number.figures.find((one) => one.name === name);
  if (!figure) return UNKNOWN_TEXT;
  const { value, change } = figureText(figure, number, voice);
  return change === UNKNOWN_TEXT ? value : `${value} (${change})`;
}

/** What people want to know of one number. @param several whether other numbers stand beside it */
export function numberSection(number: NumberPeriodReportView, index: number, several: boolean, voice: Voice): string {
  const id = `number-${index + 1}`;
  const head = several ? `<h2>${escaped(numberText(number, voice))}</h2><p class="lead">${escaped(numberHeadline(number, voice))}</p>` : '';
  return `<section class="number" id="${id}">${head}${partialNote(number, voice)}${figuresTable(number, voice)}${trendCharts(number, voice, id)}${statusCards(number, voice)}</section>`;
}

function partialNote({ days, reported_days: known }: NumberPeriodView, { say, count }: Voice): string {
  if (known === days || known === 0) return '';
  return `<p class="note">${escaped(say('partial_days', { known: count(known), days: count(days) }))}</p>`;
}

/** Every figure beside the one before. */
function figuresTable(number: NumberPeriodView, voice: Voice): string {
  const { say } = voice;
  const { every } = number.period;
  const heads = [say('figure'), say(`this_${every}`), say(`former_${every}`), say('change')];
  const rows = number.figures.map((figure) => {
    const { label, note, value, before, change } = figureText(figure, number, voice);
    const more = note === '' ? '' : ` <span class="note">${escaped(note)}</span>`;
    return [`${escaped(label)}${more}`, escaped(value), escaped(before), escaped(change)];
  });
  return `<section class="box">${table(say('figures'), heads, rows, 'figures')}</section>`;
}

/** What was read when the report was written, each with the time of its reading. */
function statusCards({ report, status }: NumberPeriodReportView, voice: Voice): string {
  if (!report || !status) return '';
  const { say } = voice;
  const directions = (['outbound', 'inbound'] as const).map((direction) => {
    const causes = status.causes.filter((cause) => cause.direction === direction && cause.blocks === (status[direction] === 'blocked'));
    const notes = causes.map(({ code, as_of }) => `${causeText(code, voice.language)} (${readOn(as_of, voice)})`);
    const verdict = status[direction] === 'available' ? say('possible') : say(status[direction]);
    return card(say(direction), verdict, [readOn(status.as_of, voice), ...notes], TONE[status[direction]]);
  });
  return `<div class="status"><h3>${escaped(say('status_title'))}</h3><p class="note">${escaped(say('status_note'))}</p><div class="cards">${[
    ...directions,
    countCard(report, voice),
    limitCard(report, voice),
  ].join('')}</div></div>`;
}

const readOn = (at: string | null, { say, time }: Voice): string => (at === null ? say('never_read') : say('read_on', { time: time(at) }));

function countCard(report: ReportView, voice: Voice): string {
  const { say, count } = voice;
  const { standing, required_conversations: required, window_days: days } = report;
  const value = standing.business_initiated_conversations;
  const bar =
    value === null ? '' : htmlElement('progress', { max: required, value: Math.min(value, required), 'aria-label': say('conversations') });
  const notes = [
    say('of_required', { required: count(required), days }),
    verdictOnCount(report, voice),
    readOn(standing.observed_at, voice),
  ];
  return card(say('conversations'), value === null ? say('unknown') : figureValue('', value, voice), notes, '', bar);
}

function limitCard({ standing }: ReportView, voice: Voice): string {
  const { say, count } = voice;
  const read = standing.gates.find(({ name }) => name === 'messaging_limit')?.observed_at ?? null;
  return card(say('limit'), limitOf(standing, voice), [
    say('limit_needs', { required: count(standing.messaging_limit_required) }),
    verdictOnLimit(standing.meets_messaging_limit, voice),
    usageIn(standing, voice),
    read === null ? '' : readOn(read, voice),
  ]);
}

const card = (title: string, big: string, notes: readonly string[], tone = '', more = ''): string =>
  `<div class="card"><h4>${escaped(title)}</h4><div class="big ${tone}">${escaped(big)}</div>${more}${notes
    .filter((note) => note !== '')
    .map((note) => `<p class="note">${escaped(note)}</p>`)
    .join('')}</div>`;

function verdictOnCount({ standing }: ReportView, { say, word, count }: Voice): string {
  if (standing.meets_1k_requirement === null) return say('undecided', { reason: word(standing.reason ?? 'no_source') });
  if (standing.meets_1k_requirement) return say('met');
  return `${say('not_met')}, ${say('remaining', { remaining: count(standing.remaining ?? 0) })}`;
}

function verdictOnLimit(meets: boolean | null, { say }: Voice): string {
  if (meets === null) return '';
  return say(meets ? 'limit_met' : 'limit_low');
}

const usageIn = ({ messaging_limit_usage: usage }: ReportView['standing'], { language }: Voice): string =>
  usage ? usageNote({ ...usage, sharedBy: usage.shared_by, people: usage.people_24h }, language) : '';
