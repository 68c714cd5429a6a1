import { SECOND } from '#kernel/clock.js';
import { exhaustive } from '#kernel/exhaustive.js';
import { records } from '#kernel/read.js';
import type { Agenda } from '#simulator/world/agenda.js';
import type { FaultQueue } from '#simulator/world/fault-queue.js';
import type { SimulatedNumber } from '#simulator/world/number.js';
import type { SimulatedChange, WebhookFault } from './change.js';
import type { OutgoingWebhooks } from './outgoing-webhooks.js';

const HELD_AT_MOST_MS = 10 * SECOND;

/** One way out for the webhooks of a number: how a change is written there, and what delivers it. */
export interface WebhookOutlet {
  delivery: OutgoingWebhooks;
  /** The body around a change, with the id of the entry; null when the change does not leave this way. */
  write(entryId: string, change: SimulatedChange): string | null;
}

/** Passes each change to every outlet, unless a fault strikes it. */
export class WebhookSender {
  readonly #held = new Map<string, () => void>();

  constructor(
    private readonly number: SimulatedNumber,
    private readonly agenda: Agenda,
    private readonly faults: FaultQueue<WebhookFault>,
    private readonly outlets: readonly WebhookOutlet[],
  ) {}

  /** @param user the id of the user concerned, by which faults may choose */
  send(change: SimulatedChange, user: string | null): void {
    if (!this.number.callPrimary && goesToCallPrimary(change)) return;
    const fault = this.faults.strike(change.kind, user);
    if (fault) this.#struck(fault, change);
    else this.#post(change);
  }

  #post(change: SimulatedChange, remark = ''): void {
    this.#leave(change, remark);
    const held = this.#held.get(change.about);
    this.#held.delete(change.about);
    held?.();
  }

  #leave(change: SimulatedChange, remark: string): void {
    const { about, kind, routine, value } = change;
    for (const { delivery, write } of this.outlets) {
      const body = write(value.restriction_info === undefined ? this.number.wabaId : '0', change);
      if (body === null) continue;
      const sent = remark === MALFORMED ? body.slice(0, Math.floor(body.length / 2)) : body;
      delivery.post(sent, about, `${kind}${remark}`, routine);
    }
  }

  #struck({ effect, delaySeconds }: WebhookFault, change: SimulatedChange): void {
    const { kind } = change;
    switch (effect) {
      case 'lose':
        return;
      case 'malformed':
        this.#post(change, MALFORMED);
        return;
      case 'duplicate':
        this.#post(change);
        this.#post(change, ' (again)');
        return;
      case 'delay':
        this.agenda.plan(delaySeconds * SECOND, 'delayed', `webhook ${kind} leaves, delayed`, () => this.#post(change, ' (delayed)'));
        return;
      case 'reorder':
        this.#hold(change);
        return;
      default:
        exhaustive(effect);
    }
  }

  #hold(change: SimulatedChange): void {
    const { about, kind } = change;
    const release = () => this.#leave(change, ' (held back)');
    this.#held.get(about)?.();
    this.#held.set(about, release);
    this.agenda.plan(HELD_AT_MOST_MS, 'held back', `webhook ${kind} leaves at the latest, if no other overtakes it`, () => {
      if (this.#held.get(about) !== release) return;
      this.#held.delete(about);
      release();
    });
  }
}

const MALFORMED = ' (malformed)';

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
