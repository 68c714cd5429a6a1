import type { ReportView } from '#compliance/reports/report.view.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { gateTable } from './gate-table.js';
import { escaped } from './markup.js';
import { cards, charts, tables } from './sections.js';
import { STYLE } from './style.js';
import { voiceOf } from './texts.js';

/** A report as one page that needs nothing else: no script, no file, no network. */
export function pageOf(report: ReportView, language: Language): string {
  const voice = voiceOf(language);
  const { say } = voice;
  const { period, revision } = report;
  const title = `${say('title')} · ${period.date}`;
  const meta = [
    `${say('number')} ${report.phone_number_id}`,
    `${say('period')} ${voice.day(period.date)} (${period.time_zone})`,
    `${say('revision')} ${revision}`,
    `${say('written')} ${voice.time(report.created_at)}`,
  ];
  const banner = report.mode === 'simulator' ? `<p class="banner">${escaped(say('simulator'))}</p>` : '';
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="color-scheme" content="light dark"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>`,
    `<h1>${escaped(say('title'))}</h1><p class="meta">${meta.map((one) => `<span>${escaped(one)}</span>`).join('')}</p>`,
    banner,
    cards(report, voice),
    charts(report, voice),
    gateTable(report, voice),
    tables(report, voice),
    '</main></body></html>',
  ].join('');
}
