import type { NumberPeriodReportView, PeriodReportsView } from '#compliance/reports/periods/period-report.view.js';
import { headlineOf } from '#compliance/reports/words/headline.js';
import { numberText, spanTitle } from '#compliance/reports/words/labels.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { numberSection, numbersTable } from './first-page.js';
import { gateTable } from './gate-table.js';
import { escaped } from './markup.js';
import { charts, tables } from './sections.js';
import { STYLE } from './style.js';
import { type Voice, voiceOf } from './texts.js';

/**
 * A report as one page that needs nothing else: no script, no file, no network. First what people want to know, and on a second page
 * what technicians do.
 * @param timeZone the zone of the reader, for times; that of the first number when left out
 */
export function pageOf(document: PeriodReportsView, language: Language, timeZone?: string): string {
  const { numbers, period } = document;
  const [first] = numbers;
  const voice = voiceOf(language, timeZone ?? first?.time_zone);
  const { say } = voice;
  const several = numbers.length > 1;
  const title = spanTitle(period, voice);
  const meta = [
    ...(first && !several ? [numberText(first, voice)] : []),
    ...writtenIn(numbers, voice),
    say('times_in', { zone: voice.timeZone }),
  ];
  const banner = numbers.some(({ mode }) => mode === 'simulator') ? `<p class="banner">${escaped(say('simulator'))}</p>` : '';
  return [
    headOf(title, language),
    `<h1>${escaped(title)}</h1><p class="meta">${meta.map((one) => `<span>${escaped(one)}</span>`).join('')}</p>`,
    banner,
    `<p class="lead first">${escaped(headlineOf(document, voice))}</p>`,
    several ? numbersTable(document, voice) : '',
    ...numbers.map((number, index) => numberSection(number, index, several, voice)),
    secondPage(numbers, voice),
    '</main></body></html>',
  ].join('');
}

/** What begins every page of reports. */
export const headOf = (title: string, language: Language): string =>
  [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="color-scheme" content="light dark"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>`,
  ].join('');

const writtenIn = (numbers: readonly NumberPeriodReportView[], voice: Voice): string[] => {
  const latest = numbers
    .flatMap(({ created_at }) => created_at ?? [])
    .toSorted()
    .at(-1);
  return latest === undefined ? [] : [voice.say('written_on', { time: voice.time(latest) })];
};

/** Gates, sources and the words of the API: for technicians, after all that people read. */
function secondPage(numbers: readonly NumberPeriodReportView[], voice: Voice): string {
  const details = numbers.map((number, index) => detailsOf(number, `details-${index + 1}`, voice)).join('');
  return details === '' ? '' : `<section class="second"><h2>${escaped(voice.say('details'))}</h2>${details}</section>`;
}

function detailsOf(number: NumberPeriodReportView, id: string, voice: Voice): string {
  const { report } = number;
  if (!report) return '';
  const { say } = voice;
  const meta = [
    `${say('meta_id')} ${number.phone_number_id}`,
    `${say('period')} ${voice.day(report.period.date)} (${report.period.time_zone})`,
    `${say('revision')} ${report.revision}`,
    `${say('written')} ${voice.time(report.created_at)}`,
  ];
  return [
    `<h3>${escaped(say('details_of', { number: numberText(number, voice) }))}</h3>`,
    `<p class="meta">${meta.map((one) => `<span>${escaped(one)}</span>`).join('')}</p>`,
    charts(report, voice, id),
    gateTable(report, voice),
    tables(report, voice),
  ].join('');
}
