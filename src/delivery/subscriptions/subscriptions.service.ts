import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import type { Scope } from '#access/authorization/scope.js';
import { type Cursor, readCursor } from '#events/cursor.js';
import type { EventType } from '#events/event.js';
import { OutboxService } from '#events/outbox.service.js';
import { rfc3339 } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { Problem } from '#kernel/problem.js';
import { Secret } from '#kernel/secret.js';
import { type Attempt, HEALTHY } from '#outbound-http/retry.js';
import { makeSecret, signatureHeaders } from '#outbound-http/signature.js';
import { Store, type Tx } from '#store/store.js';
import { CourierService } from './courier.service.js';
import { DispatchesStore } from './dispatches.store.js';
import { requireEndpoint } from './endpoint.js';
import { gapEvent } from './gap.js';
import { CourierTools } from './outcomes.service.js';
import { type Dispatch, ROTATION_MS, type Subscription, secretsInForce } from './subscription.js';
import { type SubscriptionPlace, SubscriptionsStore } from './subscriptions.store.js';

/** Each is a courier of its own; more than this is a mistake, or an attack on others through us. */
const MOST_SUBSCRIPTIONS = 100;

export interface SubscriptionWish {
  url: string;
  description: string | null;
  types: readonly EventType[] | null;
  scopes: readonly Scope[];
  phoneNumberId: string | null;
}

/** What is left out stays. */
export interface SubscriptionChange {
  url?: string;
  description?: string | null;
  types?: readonly EventType[] | null;
  paused?: boolean;
}

export interface Replay {
  since: number | null;
  until: number | null;
  eventIds: readonly string[] | null;
}

/** A test as it went out, and what came of it. */
export interface Test {
  url: string;
  headers: Record<string, string>;
  body: string;
  attempt: Attempt;
}

/** Where events are delivered: made, changed and given up by consumers. */
@Injectable()
export class SubscriptionsService {
  constructor(
    private readonly subscriptions: SubscriptionsStore,
    private readonly dispatches: DispatchesStore,
    private readonly couriers: CourierService,
    private readonly tools: CourierTools,
    private readonly outbox: OutboxService,
    private readonly store: Store,
  ) {}

  /**
   * Delivers what happens from now on.
   * @throws Problem `insufficient_scope`, `too_many_requests`, and of `requireEndpoint`
   */
  async create(by: Principal, wish: SubscriptionWish): Promise<Subscription> {
    allow(by, wish.scopes);
    const secret = new Secret(makeSecret(randomBytes));
    await requireEndpoint(this.tools, { ...wish, secrets: [secret.reveal()] });
    const position = await this.outbox.latestCursor();
    const made: Subscription = {
      ...wish,
      ...HEALTHY,
      id: newId('sub'),
      createdBy: by.keyId,
      createdAt: this.tools.clock.now(),
      secret,
      previousSecret: null,
      previousUntil: null,
      state: 'active',
      disabledAt: null,
      disabledReason: null,
      position,
      gap: null,
      revision: 1,
    };
    await this.store.write(async (tx) => {
      if ((await this.subscriptions.count(tx)) >= MOST_SUBSCRIPTIONS) throw new Problem('too_many_requests');
      await this.subscriptions.insert(tx, made);
    });
    await this.couriers.refresh();
    return made;
  }

  /** Oldest first. */
  list(limit: number, after: SubscriptionPlace | null): Promise<Subscription[]> {
    return this.subscriptions.list(limit, after);
  }

  /** @throws Problem `not_found` */
  async require(id: string): Promise<Subscription> {
    const found = await this.subscriptions.find(id);
    if (!found) throw new Problem('not_found');
    return found;
  }

  /**
   * A new URL, or an end of a pause or of a disablement, begins with a clean record; what waited is due at once.
   * @throws Problem `not_found`, `insufficient_scope`, and of `requireEndpoint`
   */
  async change(by: Principal, id: string, { paused, ...change }: SubscriptionChange): Promise<Subscription> {
    const before = await this.#own(by, id);
    const moved = change.url !== undefined && change.url !== before.url;
    if (moved) await requireEndpoint(this.tools, { ...before, ...change, secrets: secretsInForce(before, this.tools.clock.now()) });
    const state = paused === undefined ? before.state : paused ? 'paused' : 'active';
    const afresh = moved || (state === 'active' && before.state !== 'active');
    await this.store.write(async (tx) => {
      const enabled = state === 'disabled' ? {} : { disabledAt: null, disabledReason: null };
      await this.subscriptions.change(tx, id, { ...change, state, ...enabled, ...(afresh ? HEALTHY : {}) });
      if (state === 'active') await this.#tellGap(tx, id);
      if (afresh) await this.dispatches.hasten(tx, id, this.tools.clock.now());
    });
    await this.couriers.refresh();
    return this.require(id);
  }

  /** @throws Problem `not_found` */
  async delete(id: string): Promise<void> {
    const deleted = await this.store.write(async (tx) => {
      await this.dispatches.deleteOf(tx, id);
      return this.subscriptions.delete(tx, id);
    });
    if (!deleted) throw new Problem('not_found');
    await this.couriers.refresh();
  }

  /** The replaced secret goes on signing beside the new one for a day. @throws Problem `not_found`, `insufficient_scope` */
  async rotate(by: Principal, id: string): Promise<Subscription> {
    const { secret } = await this.#own(by, id);
    const previousUntil = this.tools.clock.now() + ROTATION_MS;
    const change = { secret: new Secret(makeSecret(randomBytes)), previousSecret: secret, previousUntil };
    await this.store.write((tx) => this.subscriptions.change(tx, id, change));
    await this.couriers.refresh();
    return this.require(id);
  }

  /** Newest events first. @throws Problem `not_found` */
  async deliveries(id: string, state: Dispatch['state'] | null, limit: number, before: Cursor | null): Promise<Dispatch[]> {
    await this.require(id);
    return this.dispatches.list(id, state, limit, before);
  }

  /**
   * Sends events once more under the same ids: those chosen, delivered or not; without a choice, everything exhausted.
   * @returns how many
   * @throws Problem `not_found`, `insufficient_scope`, `invalid_request` that names `event_ids`
   */
  async replay(by: Principal, id: string, { since, until, eventIds }: Replay): Promise<number> {
    const subscription = await this.#own(by, id);
    const now = this.tools.clock.now();
    const events = eventIds?.map((eventId) => readCursor(eventId) ?? unknownEvent(eventId)) ?? null;
    const count = await this.store.write(async (tx) => {
      const chosen = since !== null || until !== null || events !== null;
      const done = chosen
        ? await this.dispatches.replay(tx, subscription, { since, until, events }, now)
        : await this.dispatches.replayExhausted(tx, id, now);
      await this.subscriptions.change(tx, id, {});
      return done;
    });
    await this.couriers.refresh();
    return count;
  }

  /** One signed event, sent now and once, whatever the state of the subscription. @throws Problem as `replay` */
  async test(by: Principal, id: string): Promise<Test> {
    const subscription = await this.#own(by, id);
    const now = this.tools.clock.now();
    const event = {
      id: `evt_test_${randomUUID().replaceAll('-', '')}`,
      type: 'subscription.test',
      occurred_at: rfc3339(now),
      sequence: 1,
      phone_number_id: subscription.phoneNumberId,
      data: { id, description: subscription.description },
    };
    const body = JSON.stringify(event);
    const headers = signatureHeaders(event.id, now, Buffer.from(body), secretsInForce(subscription, now));
    return { url: subscription.url, headers, body, attempt: await this.tools.post.post(subscription.url, headers, Buffer.from(body)) };
  }

  /** What was lost while nobody was there to hear of it; with the answer, which shows the gap, so that it is never silent. */
  async #tellGap(tx: Tx, id: string): Promise<void> {
    const found = await this.subscriptions.find(id, tx);
    if (!found?.gap || found.gap.toldAt !== null) return;
    const now = this.tools.clock.now();
    await this.subscriptions.change(tx, id, { gap: { ...found.gap, toldAt: now } });
    await this.outbox.append(tx, gapEvent(found, found.gap, now));
  }

  /** Who may see less than a subscription shows must not lead it elsewhere. */
  async #own(by: Principal, id: string): Promise<Subscription> {
    const found = await this.require(id);
    allow(by, found.scopes);
    return found;
  }
}

function allow(by: Principal, scopes: readonly Scope[]): void {
  const lacking = scopes.find((scope) => !by.scopes.has(scope));
  if (lacking) throw new Problem('insufficient_scope', { params: { scope: lacking } });
}

const unknownEvent = (id: string): never => {
  throw new Problem('invalid_request', {
    errors: [
      { field: 'event_ids', message: { en: `${id.slice(0, 50)} is no id of an event`, es: `${id.slice(0, 50)} no es un id de evento` } },
    ],
  });
};
