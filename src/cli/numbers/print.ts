import type { Printer } from '#cli/terminal/printer.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { type JsonRecord, list, record, text } from '#kernel/read.js';
import { sayNumbers } from './texts.js';

const COLUMNS = ['id', 'number', 'name', 'state', 'key', 'webhook', 'last_delivery'] as const;

/** Numbers as a table; nothing with `--json`. */
export function printTable(printer: Printer, numbers: readonly JsonRecord[]): void {
  const { language } = printer;
  const head = COLUMNS.map((name) => sayNumbers(`column_${name}`, language));
  const rows = numbers.map((number) => cellsOf(number, language));
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)));
  const padded = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  printer.line(printer.dye(padded(head), 'strong'));
  for (const row of rows) printer.line(padded(row));
}

function cellsOf(number: JsonRecord, language: Language): string[] {
  const webhook = record(number.webhook) ?? {};
  const display = text(number.display_phone_number);
  const state = `${text(number.state) ?? '?'}${number.source === 'environment' ? ` (${sayNumbers('of_environment', language)})` : ''}`;
  return [
    text(number.phone_number_id) ?? '?',
    display === undefined ? '–' : `+${display}`,
    text(number.name) ?? '–',
    state,
    sayNumbers(keyOf(number), language),
    sayNumbers(webhookOf(webhook), language),
    text(webhook.last_delivery_at) ?? '–',
  ];
}

function keyOf(number: JsonRecord): 'key_rejected' | 'key_accepted' | 'key_unknown' {
  if (text(number.key_rejected_at) !== undefined) return 'key_rejected';
  return text(number.key_accepted_at) === undefined ? 'key_unknown' : 'key_accepted';
}

const webhookOf = ({ matches }: JsonRecord): 'webhook_here' | 'webhook_elsewhere' | 'webhook_unknown' => {
  if (matches === true) return 'webhook_here';
  return matches === false ? 'webhook_elsewhere' : 'webhook_unknown';
};

/** A number after it was added or adopted: what is to be registered, and what keeps the number that it had. */
export function printAdded(printer: Printer, number: JsonRecord): void {
  const { language } = printer;
  const webhook = record(number.webhook) ?? {};
  const shown = { id: text(number.phone_number_id) ?? '?', number: text(number.display_phone_number) ?? '?' };
  printer.line(sayNumbers('added', language, shown));
  const problem = text(webhook.problem);
  if (problem !== undefined) printer.line(sayNumbers('not_registered', language, { problem, id: shown.id }));
  printWebhook(printer, record(webhook.register));
  if (webhook.matches === true) printer.line(sayNumbers('registered', language));
  const elsewhere = text(webhook.url);
  if (webhook.matches === false && elsewhere !== undefined) printer.line(sayNumbers('elsewhere', language, { url: elsewhere }));
  const pinned = list(number.pinned).flatMap((id) => text(id) ?? []);
  if (pinned.length > 0) printer.line(sayNumbers('pinned', language, { ids: pinned.join(' ') }));
  const exempt = list(number.exempt).flatMap((id) => text(id) ?? []);
  if (exempt.length > 0) printer.line(sayNumbers('exempt', language, { ids: exempt.join(' ') }));
}

/** An address and headers to register at 360dialog, shown this once; nothing without them. */
export function printWebhook(printer: Printer, register: JsonRecord | undefined): void {
  if (!register) return;
  printer.line(sayNumbers('to_register', printer.language));
  printer.line(`  url: ${text(register.url) ?? '?'}`);
  for (const [name, value] of Object.entries(record(register.headers) ?? {})) printer.line(`  ${name}: ${text(value) ?? '?'}`);
}
