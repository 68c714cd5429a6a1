import { SECOND } from '#kernel/clock.js';
import { exhaustive } from '#kernel/exhaustive.js';
import { records } from '#kernel/read.js';
import type { Agenda } from '#simulator/world/agenda.js';
import type { FaultQueue } from '#simulator/world/fault-queue.js';
import type { SimulatedNumber } from '#simulator/world/number.js';
import { envelope, type SimulatedChange, type WebhookFault } from './change.js';
import type { SimulatedDelivery } from './delivery.js';

const HELD_AT_MOST_MS = 10 * SECOND;

/** Passes each change to the delivery, unless a fault strikes it. */
export class WebhookSender {
  readonly #held = new Map<string, () => void>();

  constructor(
    private readonly number: SimulatedNumber,
    private readonly agenda: Agenda,
    private readonly faults: FaultQueue<WebhookFault>,
    private readonly delivery: SimulatedDelivery,
  ) {}

  /** @param user the id of the user concerned, by which faults may choose */
  send(change: SimulatedChange, user: string | null): void {
    if (!this.number.callPrimary && goesToCallPrimary(change)) return;
    const body = JSON.stringify(envelope(change.kind === 'account_update' ? '0' : this.number.wabaId, change));
    const fault = this.faults.strike(change.kind, user);
    if (fault) this.#struck(fault, change, body);
    else this.#post(change, body);
  }

  #post({ about, kind, routine }: SimulatedChange, body: string, remark = ''): void {
    this.delivery.post(body, about, `${kind}${remark}`, routine);
    const held = this.#held.get(about);
    this.#held.delete(about);
    held?.();
  }

  #struck({ effect, delaySeconds }: WebhookFault, change: SimulatedChange, body: string): void {
    const { kind } = change;
    switch (effect) {
      case 'lose':
        return;
      case 'malformed':
        this.#post(change, body.slice(0, Math.floor(body.length / 2)), ' (malformed)');
        return;
      case 'duplicate':
        this.#post(change, body);
        this.#post(change, body, ' (again)');
        return;
      case 'delay':
        this.agenda.plan(delaySeconds * SECOND, 'delayed', `webhook ${kind} leaves, delayed`, () => this.#post(change, body, ' (delayed)'));
        return;
      case 'reorder':
        this.#hold(change, body);
        return;
      default:
        exhaustive(effect);
    }
  }

  #hold({ about, kind, routine }: SimulatedChange, body: string): void {
    const release = () => this.delivery.post(body, about, `${kind} (held back)`, routine);
    this.#held.get(about)?.();
    this.#held.set(about, release);
    this.agenda.plan(HELD_AT_MOST_MS, 'held back', `webhook ${kind} leaves at the latest, if no other overtakes it`, () => {
      if (this.#held.get(about) !== release) return;
      this.#held.delete(about);
      release();
    });
  }
}

const TO_CALL_PRIMARY: ReadonlySet<string> = new Set([
  'connect',
  'ringing',
  'accepted',
  'rejected',
  'terminate',
  'permission_reply',
  'error',
]);

/** Another partner receives it, but for the end of a call that we had placed. */
function goesToCallPrimary({ kind, value }: SimulatedChange): boolean {
  const ofOurs = kind === 'terminate' && records(value.calls).some(({ direction }) => direction === 'BUSINESS_INITIATED');
  return TO_CALL_PRIMARY.has(kind) && !ofOurs;
}
