import { writeFile } from 'node:fs/promises';
import { type CommandLine, GATEWAY_OPTIONS, textOptions, UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import { gatewayWithKey } from '#cli/terminal/gateway.client.js';
import type { Printer } from '#cli/terminal/printer.js';
import { printRefusal } from '#cli/terminal/problem.js';
import type { Command } from '#cli/terminal/run.js';
import { csvOf } from '#compliance/reports/page/csv.js';
import { pageOf } from '#compliance/reports/page/page.js';
import { type ComparedReportView, documentOf } from '#compliance/reports/periods/period-report.view.js';
import { sayReport } from './texts.js';

const FORMATS = ['text', 'json', 'csv', 'html'] as const;
type Format = (typeof FORMATS)[number];

/** A compliance report of a running gateway, for reading, for a spreadsheet or for print. */
export const reportCommand: Command = {
  usage:
    'npm run report -- [--latest | --id ID] [--number ID] [--format text|json|csv|html] [--out FILE]   [--url URL] [--key KEY] [--lang en|es]',
  help: {
    en: `Shows a compliance report of a running gateway; the key needs the scope compliance:read.

  npm run report -- --latest
  npm run report -- --latest --format html --out report.html
  npm run report -- --id rep_01J… --format csv

With several numbers, --number says which is meant, by its phone_number_id.
The gateway is found by --url, GATEWAY_URL or HOST and PORT; the key by --key, GATEWAY_API_KEY or API_KEY.`,
    es: `Muestra un informe de cumplimiento de un gateway en marcha; la clave necesita el alcance compliance:read.

  npm run report -- --latest
  npm run report -- --latest --format html --out informe.html
  npm run report -- --id rep_01J… --format csv

Con varios números, --number indica cuál, por su phone_number_id.
El gateway se encuentra con --url, GATEWAY_URL o HOST y PORT; la clave, con --key, GATEWAY_API_KEY o API_KEY.`,
  },
  options: { ...GATEWAY_OPTIONS, ...textOptions('id', 'format', 'out'), latest: { type: 'boolean' } },
  async run(line, printer, { env, stdout }) {
    const [format, id, file] = [formatOf(line), idOf(line), line.option('out')];
    const gateway = gatewayWithKey(line, env);
    const answer = await gateway.get(`/api/compliance/reports/${id === null ? 'latest' : encodeURIComponent(id)}`);
    if (answer.status !== 200) return printRefusal(printer, answer);
    // The gateway and its command line are one release.
    const report = answer.body as unknown as ComparedReportView;
    const written = format === 'text' ? null : inFormat(report, format, line);
    if (file !== undefined) {
      await writeFile(file, written ?? inFormat(report, 'json', line));
      printer.progress(sayReport('written', line.language, { file }));
    } else if (written === null) printSummary(report, printer);
    else stdout.write(written);
    return EXIT.ok;
  },
};

function formatOf(line: CommandLine): Format {
  const written = line.option('format') ?? (line.json ? 'json' : 'text');
  const format = FORMATS.find((known) => known === written);
  if (format) return format;
  throw new UsageFault(sayReport('wrong_format', line.language, { format: written, formats: FORMATS.join(', ') }));
}

function idOf(line: CommandLine): string | null {
  const id = line.option('id') ?? null;
  if ((id !== null && (line.flag('latest') || line.option('number') !== undefined)) || line.words.length > 0)
    throw new UsageFault(sayReport('which', line.language));
  return id;
}

function inFormat(report: ComparedReportView, format: Exclude<Format, 'text'>, { language }: CommandLine): string {
  if (format === 'html') return pageOf(documentOf(report), language);
  return format === 'csv' ? csvOf(report) : `${JSON.stringify(report, null, 2)}\n`;
}

function printSummary({ period, revision, standing, ...report }: ComparedReportView, printer: Printer): void {
  const { language } = printer;
  const known = (value: string | number | null) => value ?? sayReport('unknown', language);
  const { date, range } = standing.projection;
  printer.line(printer.dye(sayReport('head', language, { date: period.date, zone: period.time_zone, revision }), 'strong'));
  const value = known(standing.business_initiated_conversations);
  printer.line(sayReport('count', language, { value, required: report.required_conversations, days: report.window_days }));
  if (date && range) printer.line(sayReport('projection', language, { date, from: range[0], to: range[1] }));
  printer.line(sayReport('limit', language, { value: known(standing.messaging_limit ?? standing.messaging_limit_users ?? null) }));
  printer.line(sayReport('calls', language, { outbound: standing.outbound, inbound: standing.inbound }));
}
