import type { GatewayAnswer } from '#cli/terminal/gateway.client.js';
import type { Printer } from '#cli/terminal/printer.js';
import { printProblem, upstreamWords } from '#cli/terminal/problem.js';
import { say } from '#cli/terminal/texts.js';
import { entryOf, fill } from '#error-catalogue/lookup.js';
import type { JsonRecord } from '#kernel/read.js';
import type { CallView } from './call-view.js';
import { sayWalk, WALK_TEXTS } from './texts.js';

/** What `--json` prints at the end of a test call. */
interface Report {
  steps: string[];
  states: string[];
  call: CallView | null;
  problem: JsonRecord | null;
}

/** Prints a test call while it goes on. With `--json` the steps go to stderr and one document to stdout at the end. */
export class Narrator {
  readonly #report: Report = { steps: [], states: [], call: null, problem: null };

  constructor(private readonly printer: Printer) {}

  /** Prints one step and keeps its key for `--json`. */
  report(key: keyof typeof WALK_TEXTS, params?: Readonly<Record<string, string | number>>): void {
    const words = sayWalk(key, this.printer.language, params);
    this.#report.steps.push(key);
    if (this.printer.json) this.printer.progress(words);
    else this.printer.line(words);
  }

  /** Notes each state once, in their order. */
  saw(call: CallView): CallView {
    if (this.#report.states.at(-1) !== call.state) this.#report.states.push(call.state);
    this.#report.call = call;
    return call;
  }

  /** Prints the outcome and ends the report. */
  over(call: CallView): void {
    const outcome = call.outcome !== null && Object.hasOwn(WALK_TEXTS, call.outcome) ? call.outcome : 'unknown';
    this.report(outcome as keyof typeof WALK_TEXTS, { seconds: call.durationSeconds ?? '?' });
    if (call.errorCode !== null) this.#explain(call.errorCode, call.errorUpstream);
    if (call.timeline !== null) this.printer.line(sayWalk('timeline', this.printer.language, { url: call.timeline }));
    this.#close();
  }

  /** Prints the problem of the gateway and ends the report. */
  refused({ status, body }: GatewayAnswer): void {
    printProblem(this.printer, body, status);
    this.#report.problem = body;
    this.#close();
  }

  #explain(code: string, upstream: unknown): void {
    const { language } = this.printer;
    const words = entryOf(code)?.[language];
    if (words) {
      this.printer.item(say('cause', language), `${fill(words.detail)} (${code})`);
      this.printer.item(say('remedy', language), fill(words.remedy));
    }
    this.printer.item(say('upstream', language), upstreamWords(upstream));
  }

  #close(): void {
    this.printer.document(this.#report);
  }
}
