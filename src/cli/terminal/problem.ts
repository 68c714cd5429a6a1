import { type JsonRecord, number, record, text } from '#kernel/read.js';
import { EXIT } from './exit.js';
import type { Printer } from './printer.js';
import { say } from './texts.js';

/** Prints a problem of the gateway: what it is, why, what to do, and what 360dialog or Meta said. */
export function printProblem(printer: Printer, problem: JsonRecord, status: number): void {
  const { language } = printer;
  const [title, code] = [text(problem.title) ?? `HTTP ${status}`, text(problem.code)];
  printer.line(`${printer.dye('✗', 'red')} ${title}${code === undefined ? '' : ` (${code})`}`);
  printer.item(say('cause', language), text(problem.detail));
  for (const field of wrongFields(problem)) printer.line(`    ${field}`);
  printer.item(say('remedy', language), text(problem.remedy));
  printer.item(say('retry_at', language), text(problem.retry_at));
  printer.item(say('upstream', language), upstreamWords(problem.upstream));
}

/** Ends a command that the gateway refused. @returns the exit code */
export function printRefusal(printer: Printer, { status, body }: { status: number; body: JsonRecord }): number {
  printer.document(body);
  printProblem(printer, body, status);
  return EXIT.refused;
}

const wrongFields = ({ errors }: JsonRecord): string[] =>
  (Array.isArray(errors) ? errors : []).flatMap((item: unknown) => {
    const [field, message] = [text(record(item)?.field), text(record(item)?.message)];
    return field && message ? `${field}: ${message}` : [];
  });

/** `HTTP 401, 138006: No approved call permission (fbtrace_id …)`; null when they said nothing. */
export function upstreamWords(value: unknown): string | null {
  const upstream = record(value);
  if (!upstream) return null;
  const status = number(upstream.status);
  const head = [status === undefined ? undefined : `HTTP ${status}`, text(upstream.code)].filter(Boolean).join(', ');
  const words = [text(upstream.message), text(upstream.details)].filter(Boolean).join('; ');
  const trace = text(upstream.fbtrace_id);
  return [head, words].filter(Boolean).join(': ') + (trace === undefined ? '' : ` (fbtrace_id ${trace})`) || null;
}
