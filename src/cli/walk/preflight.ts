import { preflightPath, readAvailability, readGates } from '#cli/diagnosis/from-gateway.js';
import { printFindings } from '#cli/diagnosis/print.js';
import { EXIT } from '#cli/terminal/exit.js';
import type { GatewayClient } from '#cli/terminal/gateway.client.js';
import type { Printer } from '#cli/terminal/printer.js';
import { printProblem } from '#cli/terminal/problem.js';
import { text } from '#kernel/read.js';
import { sayWalk } from './texts.js';

/**
 * Asks the gateway whether this user may be called now. Changes nothing and sends nothing to the user.
 * @returns the exit code (0 may be called or asked, 1 may not, 2 is not known) and the whole answer, for `--json`
 */
export async function checkFirst(gateway: GatewayClient, to: string, printer: Printer): Promise<{ exit: number; answer: object }> {
  const { language } = printer;
  printer.line(sayWalk('preflight', language, { to }));
  const { status, body } = await gateway.get(preflightPath(to));
  if (status === 404) {
    printer.line(sayWalk('no_preflight', language, { reason: text(body.title) ?? 'HTTP 404' }));
    return { exit: EXIT.unknown, answer: body };
  }
  if (status !== 200) {
    printProblem(printer, body, status);
    return { exit: EXIT.refused, answer: body };
  }
  printFindings(printer, readGates(body, language));
  // The test call may ask for a missing permission, so that alone does not stop it.
  const conclusion = body.next_step === 'ask' ? 'will_ask' : CONCLUSIONS[readAvailability(body)];
  printer.line(sayWalk(conclusion, language));
  return { exit: EXITS[conclusion], answer: body };
}

const CONCLUSIONS = { available: 'may_call', blocked: 'may_not_call', unknown: 'may_be_unknown' } as const;
const EXITS = { may_call: EXIT.ok, will_ask: EXIT.ok, may_not_call: EXIT.refused, may_be_unknown: EXIT.unknown } as const;
