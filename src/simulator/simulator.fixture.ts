import { Clock } from '#kernel/clock.js';
import type { JsonRecord } from '#kernel/read.js';
import { MetaRefusal } from './meta/refusals.js';
import { Simulator } from './simulator.js';
import type { SimulatedChange } from './webhooks/change.js';
import { Ids } from './world/ids.js';
import { metaAnswer, metaOffer, type SimulatedSession } from './world/sdp.js';

/** A clock that stands still until a spec moves it. */
export class StoppedClock extends Clock {
  constructor(public time = Date.UTC(2026, 10, 23, 15, 0, 0)) {
    super();
  }

  now(): number {
    return this.time;
  }
}

const ids = new Ids('rehearsal');

/** SDP as a browser of the business would make it. */
export const ourOffer = (): SimulatedSession => metaOffer(ids);
export const ourAnswer = (): SimulatedSession => metaAnswer(ids, '');

/** The simulator with a stopped clock and without HTTP: `sent` keeps the webhooks. For specs. */
export class TestSimulator {
  readonly sent: SimulatedChange[] = [];
  readonly simulator = new Simulator({ clock: new StoppedClock(), apiKey: 'key', seed: 'rehearsal' });

  constructor() {
    this.simulator.context.send = (change) => this.sent.push(change);
  }

  pass(seconds: number): void {
    this.simulator.advance(seconds * 1_000);
  }

  kinds(): string[] {
    return this.sent.map(({ kind }) => kind);
  }

  last(kind: SimulatedChange['kind']): JsonRecord {
    const change = this.sent.findLast((item) => item.kind === kind);
    if (!change) throw new Error(`no ${kind} was sent, only ${this.kinds().join(', ')}`);
    return change.value;
  }

  user(id: string) {
    const user = this.simulator.context.users.meet(id);
    if (!user) throw new Error(`no user ${id}`);
    return user;
  }

  /** Dials with a call action. @returns the wacid */
  dial(id: string, more: JsonRecord = {}): string {
    const { waId, userId } = this.user(id);
    const to = waId === null ? { recipient: userId } : { to: waId };
    const answer = this.simulator.calls.perform({ messaging_product: 'whatsapp', action: 'connect', ...to, session: ourOffer(), ...more });
    const [call] = answer.calls as { id: string }[];
    return String(call?.id);
  }

  act(action: string, call_id: string, more: JsonRecord = {}): JsonRecord {
    return this.simulator.calls.perform({ messaging_product: 'whatsapp', action, call_id, ...more });
  }

  ask(id: string, template = false): JsonRecord {
    const { waId, userId } = this.user(id);
    const to = waId === null ? { recipient: userId } : { to: waId };
    const interactive = { type: 'call_permission_request', action: { name: 'call_permission_request' }, body: { text: 'May we call?' } };
    const message = template
      ? { type: 'template', template: { name: 'call_permission_v1', language: { code: 'es' } } }
      : { type: 'interactive', interactive };
    return this.simulator.messages.send({ messaging_product: 'whatsapp', recipient_type: 'individual', ...to, ...message });
  }

  callIn(id: string): string {
    return this.simulator.callSimulation.callIn(this.user(id), { giveUpAfterSeconds: this.user(id).script.give_up_after_seconds }).id;
  }
}

/** Meta's code of the refusal that `work` meets; `null` when it is not refused. */
export function refusedWith(work: () => unknown): number | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof MetaRefusal) return error.code;
    throw error;
  }
}
