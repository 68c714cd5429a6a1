import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import { requireScopes } from '#access/authorization/require-scopes.js';
import { type Cursor, readCursor } from '#events/cursor.js';
import { OutboxService } from '#events/outbox.service.js';
import { isWithin, type NumberReach } from '#identity/numbers/number-reach.js';
import { NUMBERS_LOCK } from '#identity/numbers/numbers.service.js';
import { defined } from '#kernel/case.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { Problem } from '#kernel/problem.js';
import { Secret } from '#kernel/secret.js';
import { HEALTHY } from '#outbound-http/endpoint-health.js';
import { makeAppSecret } from '#outbound-http/hub.js';
import { makeSecret } from '#outbound-http/signature.js';
import { Store, type Tx } from '#store/store.js';
import { DeliveriesService } from './deliveries.service.js';
import { EndpointClient, type TestDelivery } from './endpoint.client.js';
import { EventDeliveriesStore, type ReplayFilter } from './event-deliveries.store.js';
import type { EventDelivery } from './event-delivery.js';
import { changeOfFormat, type FormatChange } from './meta/format-change.js';
import { readableMetaTypes } from './meta/meta-fields.js';
import { neededScopes } from './rights/rights.js';
import { ROTATION_MS, reachOf, type Subscription, secretOf, secretsInForce } from './subscription.js';
import { gapEvent } from './subscription-events.js';
import { type SubscriptionListCursor, SubscriptionsStore } from './subscriptions.store.js';

/** More are a mistake, or an attack on other servers through the gateway. */
const MAX_SUBSCRIPTIONS = 1_000;

/** What an API client gives to create a subscription; null for all types or all numbers, and in Meta's format for every field that the key may have. */
export type NewSubscription = Pick<Subscription, 'url' | 'description' | 'types' | 'scopes' | 'phoneNumberId'> & {
  /** In Meta's format. */
  meta?: { verifyToken: Secret /** Null to make one. */; secret: Secret | null };
};

/** A change by an API client; what it leaves out stays. */
export interface SubscriptionChange extends FormatChange, Partial<Pick<Subscription, 'url' | 'description'>> {
  paused?: boolean;
}

/** Which events an API client wants again; all members null for every exhausted delivery. */
export interface ReplayRequest extends Pick<ReplayFilter, 'since' | 'until'> {
  eventIds: readonly string[] | null;
}

/** Creates, changes and deletes subscriptions for API clients. */
@Injectable()
export class SubscriptionsService {
  constructor(
    private readonly subscriptions: SubscriptionsStore,
    private readonly deliveries: EventDeliveriesStore,
    private readonly workers: DeliveriesService,
    private readonly endpoint: EndpointClient,
    private readonly outbox: OutboxService,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /**
   * Creates a subscription of the key `by`; it gets the events from now on.
   * @param isOnPurpose whether one without a number is to hear those too that are added later, since there are several already; no number is
   * added meanwhile
   * @throws Problem `insufficient_scope`, `too_many_subscriptions`, those of `EndpointClient.require`, and `invalid_request` for Meta's format
   * where it is off
   */
  async create(
    by: Principal,
    { meta, ...given }: NewSubscription,
    isOnPurpose: (tx: Tx) => Promise<boolean> = ONE_NUMBER,
  ): Promise<Subscription> {
    if (meta) this.endpoint.requireMeta();
    const wanted = meta ? { ...given, types: given.types ?? readableMetaTypes(by.scopes) } : given;
    requireScopes(by, neededScopes(wanted));
    const secret = meta ? (meta.secret ?? new Secret(makeAppSecret(randomBytes))) : new Secret(makeSecret(randomBytes));
    const shape = { format: meta ? ('meta' as const) : ('standard' as const), verifyToken: meta?.verifyToken ?? null };
    await this.endpoint.require({ ...wanted, ...shape, secrets: [secret.reveal()] });
    const cursor = await this.outbox.latestCursor();
    const made: Subscription = {
      ...wanted,
      ...shape,
      ...HEALTHY,
      id: newId('sub'),
      createdBy: by.keyId,
      keyId: by.keyId,
      createdAt: this.clock.now(),
      numbers: by.numbers,
      secret,
      previousSecret: null,
      secretFault: null,
      previousUntil: null,
      state: 'active',
      disabledAt: null,
      disabledReason: null,
      cursor,
      gap: null,
      revision: 1,
    };
    await this.store.write(
      async (tx) => {
        await this.#requireKey(tx, by);
        if ((await this.subscriptions.count(tx)) >= MAX_SUBSCRIPTIONS) throw new Problem('too_many_subscriptions');
        await this.subscriptions.insert(tx, made, await isOnPurpose(tx));
      },
      [NUMBERS_LOCK],
    );
    await this.workers.refresh();
    return made;
  }

  /** A page of the subscriptions that a principal reaches whole, the oldest first. */
  async list(by: NumberReach, limit: number, after: SubscriptionListCursor | null): Promise<Subscription[]> {
    const found: Subscription[] = [];
    for (let from = after; ; ) {
      const page = await this.subscriptions.list(limit, from);
      found.push(...page.filter((one) => isWithin(reachOf(one), by)));
      const last = page.at(-1);
      if (!last || page.length < limit || found.length >= limit) return found.slice(0, limit);
      from = last;
    }
  }

  /** One subscription in any state. @throws Problem `not_found`, the same for one that reaches more than `by` */
  async require(by: NumberReach, id: string): Promise<Subscription> {
    const found = await this.subscriptions.find(id);
    if (!found || !isWithin(reachOf(found), by)) throw new Problem('not_found');
    return found;
  }

  /**
   * Changes a subscription and makes it that of the key; it reaches no more numbers than before. A new URL, and the end of a pause or of a disablement, reset its health and make every retry due.
   * @throws Problem `not_found`, `insufficient_scope`, `secret_unreadable`, and those of `EndpointClient.require`
   */
  async change(by: Principal, id: string, { paused, url, description, ...shape }: SubscriptionChange): Promise<Subscription> {
    const before = await this.#own(by, id);
    const change = { ...defined({ url, description }), ...changeOfFormat(before.format, shape) };
    requireScopes(by, neededScopes({ ...before, ...change }));
    const isMoved = change.url !== undefined && change.url !== before.url;
    if (isMoved || change.verifyToken)
      await this.endpoint.require({ ...before, ...change, secrets: secretsInForce(before, this.clock.now()) });
    const state = stateAfter(before.state, paused);
    if (paused === false) secretOf(before);
    const isReset = isMoved || (state === 'active' && before.state !== 'active');
    await this.store.write(async (tx) => {
      await this.#requireKey(tx, by);
      const enabled = state === 'disabled' ? {} : { disabledAt: null, disabledReason: null };
      await this.subscriptions.change(tx, id, { ...change, ...heldBy(by, before), state, ...enabled, ...(isReset ? HEALTHY : {}) });
      if (state === 'active') await this.#reportGap(tx, id);
      if (isReset) await this.deliveries.rescheduleNow(tx, id, this.clock.now());
    });
    await this.workers.refresh();
    return this.require(by, id);
  }

  /** Deletes a subscription and its deliveries. @throws Problem `not_found` */
  async delete(by: NumberReach, id: string): Promise<void> {
    await this.require(by, id);
    const deleted = await this.store.write(async (tx) => {
      await this.deliveries.deleteOf(tx, id);
      return this.subscriptions.delete(tx, id);
    });
    if (!deleted) throw new Problem('not_found');
    await this.workers.refresh();
  }

  /** Makes a new secret; the replaced one signs beside it for a day, unless it could not be read. @throws Problem `not_found`, `insufficient_scope`, `secret_unreadable` */
  async rotate(by: Principal, id: string): Promise<Subscription> {
    const { secret, secretFault, format } = await this.#own(by, id);
    // The replicas that have its key sign with it: the consumer would lose it at once.
    if (secretFault === 'key_missing') throw new Problem('secret_unreadable');
    const previousUntil = secret && this.clock.now() + ROTATION_MS;
    const made = format === 'meta' ? makeAppSecret(randomBytes) : makeSecret(randomBytes);
    const change = { secret: new Secret(made), previousSecret: secret, previousUntil };
    await this.store.write((tx) => this.subscriptions.change(tx, id, change));
    await this.workers.refresh();
    return this.require(by, id);
  }

  /** A page of deliveries, the newest events first; at most 7 days old. @throws Problem `not_found` */
  async listDeliveries(
    by: NumberReach,
    id: string,
    state: EventDelivery['state'] | null,
    limit: number,
    before: Cursor | null,
  ): Promise<EventDelivery[]> {
    return this.deliveries.list(await this.require(by, id), state, limit, before);
  }

  /**
   * Delivers events again under the same ids: the chosen ones, delivered or not; without a choice, every exhausted delivery.
   * @returns how many
   * @throws Problem `not_found`, `insufficient_scope`, `invalid_request` that names `event_ids`
   */
  async replay(by: Principal, id: string, { since, until, eventIds }: ReplayRequest): Promise<number> {
    const subscription = await this.#own(by, id);
    const now = this.clock.now();
    const events = eventIds?.map((eventId) => readCursor(eventId) ?? refuseEventId(eventId)) ?? null;
    const count = await this.store.write(async (tx) => {
      const chosen = since !== null || until !== null || events !== null;
      const done = chosen
        ? await this.deliveries.replay(tx, subscription, { since, until, events }, now)
        : await this.deliveries.replayExhausted(tx, id, now);
      await this.subscriptions.change(tx, id, {});
      return done;
    });
    await this.workers.refresh();
    return count;
  }

  /** Sends one signed test event now, once, in any state of the subscription. @throws Problem as `replay` */
  async test(by: Principal, id: string): Promise<TestDelivery> {
    return this.endpoint.test(await this.#own(by, id));
  }

  /** Publishes a gap that arose while the subscription was not active, in the transaction that makes it active. */
  async #reportGap(tx: Tx, id: string): Promise<void> {
    const found = await this.subscriptions.find(id, tx);
    if (!found?.gap || found.gap.reportedAt !== null) return;
    const now = this.clock.now();
    await this.subscriptions.change(tx, id, { gap: { ...found.gap, reportedAt: now } });
    await this.outbox.append(tx, gapEvent(found, found.gap, now));
  }

  /** A key must have every scope that a subscription needs to change it, or it could redirect what it may not see. */
  async #own(by: Principal, id: string): Promise<Subscription> {
    const found = await this.require(by, id);
    requireScopes(by, neededScopes(found));
    return found;
  }

  /** A key that is deleted while its request runs must not leave a subscription behind. @throws Problem `unauthenticated` */
  async #requireKey(tx: Tx, { keyId }: Principal): Promise<void> {
    if (!(await this.subscriptions.holdKey(tx, keyId))) throw new Problem('unauthenticated');
  }
}

const ONE_NUMBER = async (): Promise<boolean> => false;

/** Another key takes a subscription over with the reach that it had: it may reach more itself. */
const heldBy = ({ keyId }: Principal, before: Subscription): Partial<Pick<Subscription, 'keyId' | 'numbers'>> =>
  keyId === before.keyId ? {} : { keyId, ...(before.numbers === null ? {} : { numbers: before.numbers }) };

function stateAfter(before: Subscription['state'], paused: boolean | undefined): Subscription['state'] {
  if (paused === undefined) return before;
  return paused ? 'paused' : 'active';
}

const refuseEventId = (id: string): never => {
  throw new Problem('invalid_request', {
    errors: [
      { field: 'event_ids', message: { en: `${id.slice(0, 50)} is no id of an event`, es: `${id.slice(0, 50)} no es un id de evento` } },
    ],
  });
};
