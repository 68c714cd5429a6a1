import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AuditService } from '#access/audit/audit.service.js';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import type { KeyHoldings, KeysAtStart } from '#access/keys/key-holdings.js';
import { DeliveriesService } from '#delivery/subscriptions/deliveries.service.js';
import type { RightsFault, RightsLack, Subscription } from '#delivery/subscriptions/subscription.js';
import { disabledEvent } from '#delivery/subscriptions/subscription-events.js';
import { SubscriptionsStore } from '#delivery/subscriptions/subscriptions.store.js';
import { OutboxService } from '#events/outbox.service.js';
import { common, type NumberReach } from '#identity/numbers/number-reach.js';
import { Clock } from '#kernel/clock.js';
import type { Tx } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import { faultUnder, readableTypes } from './rights.js';

/** Whether `API_KEY` made a subscription whose key is gone; decided only when the question arises. */
type IsFormerEnvironment = (subscription: Subscription) => Promise<boolean>;

/**
 * Ends the right of a subscription with its key. The deletion of a key pauses its subscriptions in the same transaction; a new
 * `API_KEY` takes over those of the former one; a start pauses those that no key may have.
 */
@Injectable()
export class HoldersObserver implements KeyHoldings, OnModuleInit {
  constructor(
    private readonly subscriptions: SubscriptionsStore,
    private readonly outbox: OutboxService,
    private readonly workers: DeliveriesService,
    private readonly keys: ApiKeysService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    // Keys are prepared before the modules are initialised.
    keys.hold(this);
  }

  onModuleInit(): void {
    this.keys.onEnded(() => this.workers.refresh());
  }

  /** Pauses the active subscriptions of a key, and limits all of them to what it reached. @returns how many are paused */
  async end(tx: Tx, keyId: string, had: NumberReach): Promise<number> {
    const all = (await this.subscriptions.all(tx)).filter((one) => holderOf(one) === keyId);
    const held = all.map((one) => ({ ...one, numbers: common(one, had).numbers }));
    if (had.numbers !== null) for (const { id, numbers } of held) await this.subscriptions.change(tx, id, { numbers });
    const active = held.filter(({ state }) => state === 'active');
    for (const subscription of active) await this.#pause(tx, subscription, 'key_deleted');
    return active.length;
  }

  /** Pauses the active subscriptions of a key. They stay paused when it is resumed: its holder may have pointed them elsewhere. @returns how many */
  async suspend(tx: Tx, keyId: string): Promise<number> {
    const active = (await this.subscriptions.all(tx)).filter((one) => holderOf(one) === keyId && one.state === 'active');
    for (const subscription of active) await this.#pause(tx, subscription, 'key_suspended');
    return active.length;
  }

  /** Workers read the subscriptions of the key again. */
  async narrow(tx: Tx, keyId: string): Promise<void> {
    const held = (await this.subscriptions.all(tx)).filter((one) => holderOf(one) === keyId);
    for (const { id } of held) await this.subscriptions.change(tx, id, {});
  }

  /** @returns the ids of the subscriptions that had no number of their own */
  pin(tx: Tx, phoneNumberId: string): Promise<string[]> {
    return this.subscriptions.pin(tx, phoneNumberId);
  }

  /**
   * Gives each subscription its key. One that an older release made belongs to the key that made it; when only a change of
   * `API_KEY` can have deleted that key, it belongs to the present `API_KEY`.
   */
  async settle(tx: Tx, start: KeysAtStart): Promise<void> {
    const paused = { key_deleted: 0, scope_missing: 0 };
    const isFormer = this.#formerEnvironment(tx);
    for (const subscription of await this.subscriptions.all(tx)) {
      const fault = await this.#settleOne(tx, subscription, start, isFormer);
      if (fault !== null) paused[fault] += 1;
    }
    if (paused.key_deleted + paused.scope_missing === 0) return;
    this.log.pino.warn(
      { event: 'subscriptions.paused_at_start', ...paused },
      'Subscriptions are paused: their keys are deleted or lack a scope of what they carry',
    );
  }

  /** @returns why the subscription is paused now; null when it is not */
  async #settleOne(tx: Tx, found: Subscription, start: KeysAtStart, isFormer: IsFormerEnvironment): Promise<RightsLack | null> {
    const keyId = await holderAfter(found, start, isFormer);
    const held = start.keys.get(keyId);
    // A release that brings types with a scope of their own leaves them out of the subscriptions of all types that may not have them.
    const types = held && found.keyId !== null && found.types === null ? narrowed(found, held) : found.types;
    const fault = faultUnder({ ...found, types }, held);
    if (fault === null) {
      if (keyId !== found.keyId || types !== found.types) await this.subscriptions.change(tx, found.id, { keyId, types });
      return null;
    }
    if (found.state !== 'active') return null;
    await this.#pause(tx, found, fault);
    return fault;
  }

  async #pause(tx: Tx, subscription: Subscription, reason: RightsFault): Promise<void> {
    const now = this.clock.now();
    await this.subscriptions.change(tx, subscription.id, { state: 'paused', disabledAt: now, disabledReason: reason });
    await this.outbox.append(tx, disabledEvent(subscription, 'paused', reason, now));
    this.log.pino.warn({ event: 'subscriptions.paused', subscription: subscription.id, reason }, 'A subscription is paused');
  }

  /** A deletion through the API leaves an entry in the audit log, a change of `API_KEY` leaves none. */
  #formerEnvironment(tx: Tx): IsFormerEnvironment {
    let recorded: ReturnType<AuditService['deletedKeys']> | null = null;
    return async ({ createdBy, createdAt }) => {
      recorded ??= this.audit.deletedKeys(tx);
      const { ids, since } = await recorded;
      return since !== null && since <= createdAt && !ids.has(createdBy);
    };
  }
}

/** The key that a subscription belongs to; an older release knew only the one that made it. */
const holderOf = ({ keyId, createdBy }: Subscription): string => keyId ?? createdBy;

async function holderAfter(
  found: Subscription,
  { former, environment, keys }: KeysAtStart,
  isFormer: IsFormerEnvironment,
): Promise<string> {
  const holder = holderOf(found);
  if (environment === null || keys.has(holder)) return holder;
  const takenOver = former.includes(holder) || (found.keyId === null && (await isFormer(found)));
  return takenOver ? environment : holder;
}

function narrowed(found: Subscription, held: Parameters<typeof readableTypes>[0]): Subscription['types'] {
  const readable = readableTypes(held);
  return faultUnder(found, held) !== null && faultUnder({ ...found, types: readable }, held) === null ? readable : null;
}
