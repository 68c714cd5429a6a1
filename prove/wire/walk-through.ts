import { NoGateway } from '#cli/terminal/gateway.client.js';
import type { Printer, Style } from '#cli/terminal/printer.js';
import { UpstreamSilent } from '#cli/webhook/raw-upstream.js';
import { sayClaim } from './claims.ts';
import type { Confirm } from './confirm.ts';
import { type AssumptionFinding, type AssumptionVerdict, allUndecided } from './finding.ts';
import type { StepContext, VerificationStep } from './step.ts';
import { sayReason, sayStep, sayWire } from './texts.ts';

/** Takes the steps one by one, each only after a yes. @returns what all of them found */
export async function walkThrough(
  steps: readonly VerificationStep[],
  context: StepContext,
  confirm: Confirm,
  printer: Printer,
): Promise<AssumptionFinding[]> {
  const findings: AssumptionFinding[] = [];
  let quit = false;
  for (const step of steps) {
    const stopped: boolean = quit || context.interruption.aborted;
    const found: AssumptionFinding[] | 'quit' = stopped ? 'quit' : await take(step, context, confirm, printer);
    quit = found === 'quit';
    findings.push(...(found === 'quit' ? allUndecided(step.ids, 'skipped') : found));
  }
  if (context.interruption.aborted) printer.progress(sayWire('interrupted', printer.language));
  return findings;
}

async function take(
  step: VerificationStep,
  context: StepContext,
  confirm: Confirm,
  printer: Printer,
): Promise<AssumptionFinding[] | 'quit'> {
  const { language } = printer;
  if (step.needs === 'person' && context.to === null) return allUndecided(step.ids, 'needs_person');
  if (step.needs === 'upstream' && context.upstream === null) return allUndecided(step.ids, 'no_key_here');
  const ids = sayWire('checks', language, { ids: step.ids.join(', ') });
  printer.progress(`${sayStep(step.name, language, { to: context.to ?? '' })}. (${ids})`);
  const answer = await confirm(sayWire('go_on', language));
  if (answer !== 'yes') return answer === 'quit' ? 'quit' : allUndecided(step.ids, 'skipped');
  const found = await attempt(step, context);
  for (const one of found) printFinding(printer, one);
  return found;
}

async function attempt(step: VerificationStep, context: StepContext): Promise<AssumptionFinding[]> {
  try {
    return await step.run(context);
  } catch (error) {
    if (error instanceof UpstreamSilent || error instanceof NoGateway) return allUndecided(step.ids, 'lost', error.message);
    throw error;
  }
}

const MARKS: Readonly<Record<AssumptionVerdict, readonly [string, Style]>> = {
  holds: ['✓', 'green'],
  does_not_hold: ['✗', 'red'],
  could_not_tell: ['?', 'faint'],
};

function printFinding(printer: Printer, { id, verdict, reason, evidence }: AssumptionFinding): void {
  const { language } = printer;
  const [mark, style] = MARKS[verdict];
  const because = reason === null ? '' : ` (${sayReason(reason, language)})`;
  printer.line(`${printer.dye(mark, style)} ${id} ${sayClaim(id, language)}: ${sayWire(verdict, language)}${because}`);
  for (const one of evidence) printer.line(`    ${one}`);
}
