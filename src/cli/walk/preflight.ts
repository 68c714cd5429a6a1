import type { CheckResult } from '#cli/diagnosis/finding.js';
import { readAvailability, readGates } from '#cli/diagnosis/from-gateway.js';
import { printFindings } from '#cli/diagnosis/print.js';
import { EXIT } from '#cli/terminal/exit.js';
import type { GatewayClient } from '#cli/terminal/gateway.client.js';
import type { Printer } from '#cli/terminal/printer.js';
import { printProblem } from '#cli/terminal/problem.js';
import { text } from '#kernel/read.js';
import { isBsuid } from '#kernel/wa-id.js';
import { sayWalk } from './texts.js';

export interface PreflightResult {
  /** As an exit code: 0 may be called or asked, 1 may not, 2 nobody can tell. */
  exit: number;
  /** The whole answer, for `--json`. */
  answer: object;
}

/** Asks the gateway whether this person may be called now; nothing with an effect is sent to anybody. */
export async function checkFirst(gateway: GatewayClient, to: string, printer: Printer): Promise<PreflightResult> {
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
  printFindings(printer, readGates(body, language));
  const conclusion = concluded(text(body.next_step), readAvailability(body));
  printer.line(sayWalk(conclusion, language));
  return { exit: EXITS[conclusion], answer: body };
}

/** A person who can be asked first is no obstacle to the walk, though a dial alone would be refused now. */
function concluded(nextStep: string | undefined, standing: CheckResult['outbound']): keyof typeof EXITS {
  if (nextStep === 'ask') return 'will_ask';
  return standing === 'available' ? 'may_call' : standing === 'blocked' ? 'may_not_call' : 'may_be_unknown';
}

const EXITS = { may_call: EXIT.ok, will_ask: EXIT.ok, may_not_call: EXIT.refused, may_be_unknown: EXIT.unknown } as const;
