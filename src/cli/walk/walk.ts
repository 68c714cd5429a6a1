import { EXIT } from '#cli/terminal/exit.js';
import type { GatewayAnswer, GatewayClient } from '#cli/terminal/gateway.client.js';
import { pollUntil } from '#cli/terminal/poll.js';
import type { Surroundings } from '#cli/terminal/surroundings.js';
import type { Session } from '#dialog360/fact.js';
import { isBsuid } from '#kernel/wa-id.js';
import { type CallView, readCallView } from './call-view.js';
import type { Narrator } from './narrator.js';

/** Timeouts: for the user to answer, for `ended` after the hang-up, and for the duration after that. */
const RING_SECONDS = 120;
const END_SECONDS = 20;
const DURATION_SECONDS = 5;
const TALK_SECONDS = 5;

/** A refusal by the gateway ends the test call; its answer is printed. */
class Refused extends Error {
  constructor(readonly answer: GatewayAnswer) {
    super(`HTTP ${answer.status}`);
  }
}

interface TestCallOptions {
  to: string;
  offer: Session;
  /** The timeout for the reply to a permission request. */
  waitSeconds: number;
}

/** One outbound call in both steps, as a consumer of the API makes it. It leaves no call behind. */
export class Walk {
  constructor(
    private readonly gateway: GatewayClient,
    private readonly narrator: Narrator,
    private readonly surroundings: Pick<Surroundings, 'pause'>,
    private readonly interruption: AbortSignal,
  ) {}

  /** @returns the exit code. @throws NoGateway */
  async run({ to, offer, waitSeconds }: TestCallOptions): Promise<number> {
    try {
      const asked = await this.#obtainPermission(to, waitSeconds);
      if (asked.state !== 'ready') return this.#over(await this.#end(asked, waitSeconds));
      return this.#over(await this.#call(asked, offer));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.narrator.refused(error.answer);
      return EXIT.refused;
    }
  }

  async #obtainPermission(to: string, waitSeconds: number): Promise<CallView> {
    this.narrator.report('step_one', { to });
    const call = await this.#send('/api/calling/make-call', { [isBsuid(to) ? 'recipient' : 'to']: to });
    if (call.state === 'awaiting_permission') this.narrator.report('asked', { seconds: waitSeconds });
    const answered = await this.#until(call, waitSeconds, ({ state }) => state !== 'awaiting_permission');
    if (answered.state === 'ready') this.narrator.report('held');
    return answered;
  }

  async #call(ready: CallView, session: Session): Promise<CallView> {
    if (this.interruption.aborted) return this.#end(ready, 0);
    this.narrator.report('step_two');
    const dialled = await this.#send('/api/calling/connect', { id: ready.id, session });
    this.narrator.report(dialled.outcomeKnown ? 'dialing' : 'outcome_unknown');
    const rung = await this.#until(dialled, RING_SECONDS, ({ state }) => state !== 'dialing');
    if (rung.state === 'ringing') this.narrator.report('ringing');
    const taken = await this.#until(rung, RING_SECONDS, ({ state }) => state === 'in_progress' || state === 'ended');
    if (taken.state !== 'in_progress') return this.#end(taken, RING_SECONDS);
    this.narrator.report('in_progress', { seconds: TALK_SECONDS });
    const talked = await this.#until(taken, TALK_SECONDS, ({ state }) => state === 'ended');
    if (talked.state !== 'ended' && !this.interruption.aborted) this.narrator.report('hanging_up');
    return this.#end(talked, null);
  }

  /** Ends a call that has not ended by itself. @param waited the timeout that is over, in seconds; null when there was none */
  async #end(call: CallView, waited: number | null): Promise<CallView> {
    if (call.state === 'ended') return call;
    if (this.interruption.aborted) this.narrator.report('interrupted');
    else if (waited !== null) this.narrator.report('timed_out', { seconds: waited });
    const ending = await this.#send('/api/calling/terminate', { call_id: call.id });
    const ended = await this.#until(ending, END_SECONDS, ({ state }) => state === 'ended', false);
    // Meta reports the duration a moment after it has accepted the hang-up.
    const hasDuration = ({ outcome, durationSeconds }: CallView) => outcome !== 'answered' || durationSeconds !== null;
    return this.#until(ended, DURATION_SECONDS, hasDuration, false);
  }

  #over(call: CallView): number {
    this.narrator.over(call);
    if (this.interruption.aborted) return EXIT.interrupted;
    if (call.outcome === 'answered') return EXIT.ok;
    return call.outcome === null || call.outcome === 'unknown' ? EXIT.unknown : EXIT.refused;
  }

  #until(call: CallView, seconds: number, holds: (call: CallView) => boolean, interruptible = true): Promise<CallView> {
    const interruption = interruptible ? this.interruption : undefined;
    const read = async ({ id }: CallView) => this.#read(await this.gateway.get(`/api/calling/calls/${encodeURIComponent(id)}`));
    return pollUntil(call, read, { seconds, holds, interruption }, this.surroundings);
  }

  async #send(path: string, body: object): Promise<CallView> {
    return this.#read(await this.gateway.post(path, body));
  }

  #read(answer: GatewayAnswer): CallView {
    if (answer.status >= 300) throw new Refused(answer);
    return this.narrator.saw(readCallView(answer.body));
  }
}
