import type { Printer, Style } from '#cli/terminal/printer.js';
import { say } from '#cli/terminal/texts.js';
import type { CheckVerdict, CliFinding, DiagnosisReport, RecentRefusal } from './finding.js';
import { sayDiagnosis } from './texts/diagnosis-texts.js';
import { nameOfGate } from './texts/gate-texts.js';

const MARKS: Readonly<Record<CheckVerdict, readonly [string, Style]>> = {
  pass: ['✓', 'green'],
  fail: ['✗', 'red'],
  warning: ['!', 'yellow'],
  unknown: ['?', 'faint'],
};

/** The diagnosis for people: each gate on a line, with its cause and remedy beneath, and the headline last. */
export function printDiagnosis(printer: Printer, diagnosis: DiagnosisReport): void {
  printer.document(diagnosis);
  printFindings(printer, diagnosis.findings);
  if (diagnosis.recent_refusals.length > 0) {
    printer.line();
    printer.line(`${sayDiagnosis('refusals', printer.language)}:`);
    for (const refusal of diagnosis.recent_refusals) printRefusal(printer, refusal);
  }
  printer.line();
  printer.line(printer.dye('▶ ', 'strong') + diagnosis.headline);
}

/** Each gate on a line, with its cause and remedy beneath. */
export function printFindings(printer: Printer, findings: readonly CliFinding[]): void {
  for (const one of findings) printFinding(printer, one);
}

function printFinding(printer: Printer, { name, verdict, value, required, code, cause, remedy, retry_at }: CliFinding): void {
  const { language } = printer;
  const [mark, style] = MARKS[verdict];
  const facts = [
    value === null ? '' : sayDiagnosis('value', language, { value }),
    required === null || verdict === 'pass' ? '' : sayDiagnosis('required', language, { required }),
    code ?? '',
  ].filter(Boolean);
  printer.line(`${printer.dye(mark, style)} ${nameOfGate(name, language)}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}`);
  if (verdict === 'pass') return;
  printer.item(say('cause', language), cause, 4);
  printer.item(say('remedy', language), remedy, 4);
  printer.item(say('retry_at', language), retry_at, 4);
}

function printRefusal(printer: Printer, { code, upstream_code, operation, count, last_at, cause, remedy }: RecentRefusal): void {
  const { language } = printer;
  const often = sayDiagnosis('count', language, { count: count ?? '?', operation: operation ?? '?', at: last_at ?? '?' });
  printer.line(`  ${code}${upstream_code === null ? '' : ` (${upstream_code})`}: ${often}`);
  printer.item(say('cause', language), cause, 4);
  printer.item(say('remedy', language), remedy, 4);
}
