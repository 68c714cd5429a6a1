import type { GatewayAnswer } from '#cli/terminal/gateway.client.js';
import { pollUntil } from '#cli/terminal/poll.js';
import { builtInOffer } from '#cli/walk/offer.js';
import { type JsonRecord, text } from '#kernel/read.js';
import { isBsuid } from '#kernel/wa-id.js';
import type { StepContext } from '../step.ts';
import { dtlsRoleIn, readTrace, type Trace, timelineEntryOf } from './trace.ts';

const END_SECONDS = 30;

/** The gateway refused the call. */
export class NotCalled extends Error {
  constructor({ status, body }: GatewayAnswer) {
    super([`HTTP ${status}`, text(body.code)].filter(Boolean).join(' · '));
  }
}

/** Calls one user through the gateway as a consumer would. It leaves no call behind. */
export class TestCaller {
  #dtlsRole: string | null = null;

  readonly #context: StepContext & { to: string };

  constructor(context: StepContext & { to: string }) {
    this.#context = context;
  }

  /**
   * Only step one: asks for permission, unless it is there.
   * @returns the call as it stands once the person has answered, or the time is over
   * @throws NotCalled
   */
  async ask(): Promise<JsonRecord> {
    const asked = await this.#send('/api/calling/make-call', this.#whom());
    return this.until(asked, this.#context.waitSeconds, ({ state }) => state !== 'awaiting_permission');
  }

  /** Dials, with a permission that must be there. @throws NotCalled */
  dial(): Promise<JsonRecord> {
    return this.#send('/api/calling/make-call', { ...this.#whom(), session: builtInOffer(), permission_request: { mode: 'never' } });
  }

  /** Reads the call until `holds`, the time is over, or the operator interrupts. */
  until(call: JsonRecord, seconds: number, holds: (call: JsonRecord) => boolean): Promise<JsonRecord> {
    const { surroundings, interruption } = this.#context;
    return pollUntil(call, (last) => this.#look(last), { seconds, holds, interruption }, surroundings);
  }

  /** Ends the call if it has not ended; a refusal is ignored. */
  async hangUp(call: JsonRecord): Promise<JsonRecord> {
    if (call.state === 'ended') return call;
    const { body, status } = await this.#context.gateway.post('/api/calling/terminate', { call_id: text(call.id) });
    return status < 300 ? body : call;
  }

  /** The call and its timeline, once the gateway has the terminate webhook or the time for it is over. */
  async trace(call: JsonRecord): Promise<Trace> {
    const { gateway, surroundings } = this.#context;
    const read = async () => readTrace(call, (await gateway.get(`${pathOf(call)}/timeline`)).body, this.#dtlsRole);
    const holds = (trace: Trace) => timelineEntryOf(trace, 'webhook', 'terminate') !== undefined;
    await pollUntil(await this.#traceNow(call), read, { seconds: END_SECONDS, holds }, surroundings);
    return this.#traceNow(call);
  }

  async #traceNow(call: JsonRecord): Promise<Trace> {
    const seen = await this.#look(call);
    const { body } = await this.#context.gateway.get(`${pathOf(call)}/timeline`);
    return readTrace(seen, body, this.#dtlsRole);
  }

  #whom(): JsonRecord {
    return { [isBsuid(this.#context.to) ? 'recipient' : 'to']: this.#context.to, reference: 'verify-wire' };
  }

  async #look(call: JsonRecord): Promise<JsonRecord> {
    return this.#noted(await this.#context.gateway.get(pathOf(call)));
  }

  async #send(path: string, body: object): Promise<JsonRecord> {
    return this.#noted(await this.#context.gateway.post(path, body));
  }

  #noted(answer: GatewayAnswer): JsonRecord {
    if (answer.status >= 300) throw new NotCalled(answer);
    this.#dtlsRole = dtlsRoleIn(answer.body) ?? this.#dtlsRole;
    return answer.body;
  }
}

const pathOf = (call: JsonRecord): string => `/api/calling/calls/${encodeURIComponent(text(call.id) ?? '')}`;
