import { NoGateway } from '#cli/terminal/gateway.client.js';
import type { Printer, Style } from '#cli/terminal/printer.js';
import type { Bench, Step } from './bench.js';
import { sayClaim } from './claims.js';
import type { Confirm } from './confirm.js';
import { allUntold, type Finding, type Verdict } from './finding.js';
import { NoWire } from './raw-wire.js';
import { sayReason, sayStep, sayWire } from './texts.js';

/** Takes the steps one by one, each only after a yes. @returns what all of them found */
export async function walkThrough(steps: readonly Step[], bench: Bench, confirm: Confirm, printer: Printer): Promise<Finding[]> {
  const findings: Finding[] = [];
  let quit = false;
  for (const step of steps) {
    const stopped: boolean = quit || bench.interruption.aborted;
    const found: Finding[] | 'quit' = stopped ? 'quit' : await take(step, bench, confirm, printer);
    quit = found === 'quit';
    findings.push(...(found === 'quit' ? allUntold(step.ids, 'skipped') : found));
  }
  if (bench.interruption.aborted) printer.progress(sayWire('interrupted', printer.language));
  return findings;
}

async function take(step: Step, bench: Bench, confirm: Confirm, printer: Printer): Promise<Finding[] | 'quit'> {
  const { language } = printer;
  if (step.needs === 'person' && bench.to === null) return allUntold(step.ids, 'needs_person');
  if (step.needs === 'wire' && bench.wire === null) return allUntold(step.ids, 'no_key_here');
  const ids = sayWire('checks', language, { ids: step.ids.join(', ') });
  printer.progress(`${sayStep(step.name, language, { to: bench.to ?? '' })}. (${ids})`);
  const answer = await confirm(sayWire('go_on', language));
  if (answer !== 'yes') return answer === 'quit' ? 'quit' : allUntold(step.ids, 'skipped');
  const found = await attempt(step, bench);
  for (const one of found) printFinding(printer, one);
  return found;
}

async function attempt(step: Step, bench: Bench): Promise<Finding[]> {
  try {
    return await step.run(bench);
  } catch (error) {
    if (error instanceof NoWire || error instanceof NoGateway) return allUntold(step.ids, 'lost', error.message);
    throw error;
  }
}

const MARKS: Readonly<Record<Verdict, readonly [string, Style]>> = {
  holds: ['✓', 'green'],
  does_not_hold: ['✗', 'red'],
  could_not_tell: ['?', 'faint'],
};

export function printFinding(printer: Printer, { id, verdict, reason, evidence }: Finding): void {
  const { language } = printer;
  const [mark, style] = MARKS[verdict];
  const because = reason === null ? '' : ` (${sayReason(reason, language)})`;
  printer.line(`${printer.dye(mark, style)} ${id} ${sayClaim(id, language)}: ${sayWire(verdict, language)}${because}`);
  for (const one of evidence) printer.line(`    ${one}`);
}
