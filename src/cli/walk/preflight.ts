import { readGates } from '#cli/diagnosis/from-gateway.js';
import { printFindings } from '#cli/diagnosis/print.js';
import { EXIT } from '#cli/terminal/exit.js';
import type { GatewayClient } from '#cli/terminal/gateway.client.js';
import type { Printer } from '#cli/terminal/printer.js';
import { printProblem } from '#cli/terminal/problem.js';
import { text } from '#kernel/read.js';
import { isBsuid } from '#kernel/wa-id.js';
import { sayWalk } from './texts.js';

export interface Preflight {
  /** As an exit code: 0 may be called, 1 may not, 2 nobody can tell. */
  exit: number;
  /** The whole answer, for `--json`. */
  answer: object;
}

/** Asks the gateway whether this person may be called now; nothing with an effect is sent to anybody. */
export async function preflight(gateway: GatewayClient, to: string, printer: Printer): Promise<Preflight> {
  const { language } = printer;
  printer.line(sayWalk('preflight', language, { to }));
  const { status, body } = await gateway.get(`/api/calling/preflight?${isBsuid(to) ? 'recipient' : 'to'}=${encodeURIComponent(to)}`);
  if (status === 404) {
    printer.line(sayWalk('no_preflight', language, { reason: text(body.title) ?? 'HTTP 404' }));
    return { exit: EXIT.unknown, answer: body };
  }
  if (status !== 200) {
    printProblem(printer, body, status);
    return { exit: EXIT.refused, answer: body };
  }
  const gates = readGates(body, language);
  printFindings(printer, gates);
  const blocked = gates.some(({ verdict }) => verdict === 'fail');
  const unknown = gates.length === 0;
  printer.line(sayWalk(blocked ? 'may_not_call' : unknown ? 'may_be_unknown' : 'may_call', language));
  return { exit: blocked ? EXIT.refused : unknown ? EXIT.unknown : EXIT.ok, answer: body };
}
