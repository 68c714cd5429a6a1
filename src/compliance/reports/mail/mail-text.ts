import { LEAST_CALLS, LEAST_RATE } from '#compliance/eligibility/gates/pick-up.js';
import type { Voice } from '#compliance/reports/page/texts.js';
import { missedName } from '#compliance/reports/page/trend-charts.js';
import type { NumberPeriodReportView } from '#compliance/reports/periods/period-report.view.js';
import { numberHeadline } from '#compliance/reports/words/headline.js';
import { figureText, numberText, UNKNOWN_TEXT } from '#compliance/reports/words/labels.js';
import { type MailParts, statusLines, trendRows } from './mail-parts.js';

/** The plain text of a mail, with every figure of the HTML and of every number. */
export function mailTextOf({ document, voice, title, headline, link }: MailParts): string {
  const { say } = voice;
  const { numbers } = document;
  const isSimulated = numbers.some(({ mode }) => mode === 'simulator');
  return [
    title,
    ...(isSimulated ? [say('simulator')] : []),
    '',
    headline,
    '',
    `${say('open_page')}: ${link}`,
    ...numbers.flatMap((number) => ['', ...numberLines(number, numbers.length, voice)]),
    '',
    say('target_note', { target: voice.percent(LEAST_RATE), least: voice.count(LEAST_CALLS) }),
    say('times_in', { zone: voice.timeZone }),
    '',
  ].join('\n');
}

/** With more numbers the text would be too long; the report behind the link has all trends. */
const MOST_TRENDS = 20;

function numberLines(number: NumberPeriodReportView, count: number, voice: Voice): string[] {
  const { say } = voice;
  const several = count > 1;
  const name = numberText(number, voice);
  const figures = number.figures.map((figure) => {
    const { label, note, value, change } = figureText(figure, number, voice);
    return `- ${label}: ${value}${change === UNKNOWN_TEXT ? '' : ` (${change})`}${note === '' ? '' : ` [${note}]`}`;
  });
  const isPartial = number.reported_days > 0 && number.reported_days < number.days;
  return [
    name,
    '-'.repeat(Math.min(60, name.length)),
    ...(several ? [numberHeadline(number, voice)] : []),
    ...(isPartial ? [say('partial_days', { known: voice.count(number.reported_days), days: voice.count(number.days) })] : []),
    ...figures,
    ...(count > MOST_TRENDS ? [] : (['inbound', 'outbound'] as const)).flatMap((direction) =>
      trendLines(number, direction, several, voice),
    ),
    ...statusLines(number, voice),
  ];
}

function trendLines(number: NumberPeriodReportView, direction: 'inbound' | 'outbound', several: boolean, voice: Voice): string[] {
  const rows = trendRows(number, direction, several, voice);
  const heading = `${voice.say(`trend_${direction}`)}:`;
  const line = ({ name, answered, missed, rateText }: (typeof rows)[number]) =>
    `  ${name}: ${voice.say('picked_up').toLowerCase()} ${answered}, ${missedName(direction, voice).toLowerCase()} ${missed}, ${rateText}`;
  return rows.length === 0 ? [] : ['', heading, ...rows.map(line), ''];
}
