import type { OverviewLineView, ReportOverviewView } from '#compliance/reports/overview/overview.view.js';
import { numberText } from '#compliance/reports/words/labels.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { escaped, htmlElement, htmlText, table } from './markup.js';
import { headOf } from './page.js';
import { limitOf, type TextKey, type Voice, voiceOf } from './texts.js';

const TONE = { available: 'good', blocked: 'bad', unknown: 'none' } as const;

/** The latest reports of several numbers as one page that needs nothing else, like that of a report. */
export function overviewPageOf(overview: ReportOverviewView, language: Language): string {
  const voice = voiceOf(language);
  const { say, count } = voice;
  const { outbound, inbound } = overview.calls;
  const meta = [
    say('overview_numbers', { numbers: count(overview.numbers.length), reported: count(overview.reported) }),
    `${say('outbound')}: ${count(outbound.answered)}/${count(outbound.total)}`,
    `${say('inbound')}: ${count(inbound.answered)}/${count(inbound.total)}`,
  ];
  const heads: TextKey[] = ['number', 'date', 'outbound', 'inbound', 'conversations', 'limit', 'answered_outbound', 'answered_inbound'];
  return [
    headOf(say('overview_title'), language),
    `<h1>${escaped(say('overview_title'))}</h1><p class="meta">${meta.map((one) => `<span>${escaped(one)}</span>`).join('')}</p>`,
    `<section class="box">${table(
      say('overview_title'),
      heads.map((head) => say(head)),
      troubleFirst(overview.numbers).map((line) => cellsOf(line, voice)),
      'stack',
    )}<p class="note">${escaped(say('overview_note'))}</p></section>`,
    '</main></body></html>',
  ].join('');
}

const ORDER = ['blocked', 'unknown', 'available'] as const;

/** Numbers with a blocked direction first, then those of which something is unknown; of equals those that missed more calls. */
function troubleFirst(numbers: readonly OverviewLineView[]): OverviewLineView[] {
  const rank = ({ standing }: OverviewLineView) =>
    standing ? Math.min(ORDER.indexOf(standing.outbound), ORDER.indexOf(standing.inbound)) : ORDER.indexOf('unknown');
  const missed = ({ report }: OverviewLineView) => report?.figures.calls.inbound.missed ?? 0;
  return numbers.toSorted((a, b) => rank(a) - rank(b) || missed(b) - missed(a));
}

function cellsOf({ display_phone_number, name, report, standing }: OverviewLineView, voice: Voice): string[] {
  const { say, count, day } = voice;
  const number = numberText({ name, display_phone_number }, voice);
  if (!report || !standing) return [escaped(number), escaped(say('overview_none')), ...Array<string>(6).fill(htmlText(null))];
  const link = htmlElement('a', { href: `${report.link}?format=html` }, escaped(number));
  const tag = (verdict: keyof typeof TONE) => `<span class="tag ${TONE[verdict]}">${escaped(say(verdict).toLowerCase())}</span>`;
  const { business_initiated_conversations: counted, required_conversations: required } = standing;
  const { outbound, inbound } = report.figures.calls;
  return [
    link,
    escaped(`${day(report.period.date)} (${report.period.time_zone})`),
    tag(standing.outbound),
    tag(standing.inbound),
    escaped(`${counted === null ? '—' : count(counted)} / ${count(required)}`),
    escaped(limitOf(standing, voice)),
    escaped(`${count(outbound.answered)}/${count(outbound.total)}`),
    escaped(`${count(inbound.answered)}/${count(inbound.total)}`),
  ];
}
