import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import { requireScopes } from '#access/authorization/require-scopes.js';
import { isWithin, type NumberReach } from '#identity/numbers/number-reach.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock, DAY } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { Problem } from '#kernel/problem.js';
import { Secret } from '#kernel/secret.js';
import { makeSecret } from '#outbound-http/signature.js';
import { Store } from '#store/store.js';
import { ConsentService, digestOfAddress } from './consent/consent.service.js';
import { ReportAddressesStore } from './consent/report-addresses.store.js';
import { periodAt } from './delivery-period.js';
import { type DeliveryStatus, statusOf } from './delivery-status.js';
import { type DeliveryListCursor, type HeldDelivery, ReportDeliveriesStore } from './report-deliveries.store.js';
import { LEFT_ALONE_MS, MOST_OF_ALL, MOST_OF_KEY, type ReportDelivery, reachOfDelivery } from './report-delivery.js';
import { type ReportSend, ReportSendsStore } from './sending/report-sends.store.js';

/** Held while a delivery is made, so that an address is asked once and limits hold over all replicas. */
const LOCK = 'report-deliveries';
const KEEP_SENDS_MS = 90 * DAY;
const KEEP_UNSUBSCRIBED_MS = 400 * DAY;

/** What an API client gives to make a delivery, checked. */
export type NewReportDelivery = Pick<ReportDelivery, 'channel' | 'address' | 'every' | 'language' | 'timeZone' | 'phoneNumberId'>;

/** A delivery and how it is doing. */
export interface ShownDelivery extends DeliveryStatus {
  delivery: ReportDelivery;
  /** Why it has stopped; null while it has not. */
  stopReason: ReportDelivery['stoppedReason'];
  /** When its address was asked; null when it was not, or need not be. */
  askedAt: number | null;
}

/** Makes, lists and deletes report deliveries for API clients. */
@Injectable()
export class ReportDeliveriesService {
  constructor(
    private readonly deliveries: ReportDeliveriesStore,
    private readonly sends: ReportSendsStore,
    private readonly addresses: ReportAddressesStore,
    private readonly consent: ConsentService,
    private readonly numbers: NumbersService,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a delivery of the key `by`; it begins with the period that is under way. An address that is not confirmed is asked once.
   * @returns the delivery and its secret
   * @throws Problem `insufficient_scope`, `too_many_report_deliveries`, `report_delivery_exists`, `too_many_confirmations`
   */
  async create(by: Principal, wanted: NewReportDelivery): Promise<{ shown: ShownDelivery; secret: Secret }> {
    requireScopes(by, ['compliance:read']);
    const [secret, now] = [new Secret(makeSecret(randomBytes)), this.clock.now()];
    const made: ReportDelivery = {
      ...wanted,
      ...{ id: newId('rdl'), createdBy: by.keyId, keyId: by.keyId, createdAt: now, numbers: by.numbers, secret },
      ...{ addressDigest: wanted.channel === 'mail' ? digestOfAddress(wanted.address) : null, confirmedAt: now },
      ...{ stoppedAt: null, stoppedReason: null, nextAt: periodAt(wanted.every, wanted.timeZone, now).until },
    };
    await this.store.write(
      async (tx) => {
        if (!(await this.deliveries.holdKey(tx, by.keyId))) throw new Problem('unauthenticated');
        await this.#requireRoom(tx, made);
        const isConfirmed = made.channel === 'webhook' || (await this.consent.isConfirmed(tx, made.address));
        made.confirmedAt = isConfirmed ? now : null;
        await this.deliveries.insert(tx, made, secret, (await this.numbers.count(tx)) > 1);
        if (!isConfirmed) await this.consent.ask(tx, made);
      },
      [NumbersService.LOCK, LOCK],
    );
    return { shown: await this.require(by, made.id), secret };
  }

  async #requireRoom(tx: Parameters<ReportDeliveriesStore['count']>[0], made: ReportDelivery): Promise<void> {
    const [ofKey, ofAll] = [await this.deliveries.count(tx, made.keyId), await this.deliveries.count(tx, null)];
    if (ofKey >= MOST_OF_KEY || ofAll >= MOST_OF_ALL) throw new Problem('too_many_report_deliveries');
    const isSame = ({ delivery: one }: HeldDelivery) =>
      one.stoppedAt === null &&
      one.address.toLowerCase() === made.address.toLowerCase() &&
      one.every === made.every &&
      one.phoneNumberId === made.phoneNumberId;
    if ((await this.deliveries.all(tx, made.keyId)).some(isSame)) throw new Problem('report_delivery_exists');
  }

  /** A page of the deliveries that a principal reaches whole, the oldest first. */
  async list(by: NumberReach, limit: number, after: DeliveryListCursor | null): Promise<ShownDelivery[]> {
    const found: HeldDelivery[] = [];
    for (let from = after; ; ) {
      const page = await this.deliveries.list(limit, from);
      found.push(...page.filter((one) => isVisible(one, by)));
      const last = page.at(-1);
      if (!last || page.length < limit || found.length >= limit) return this.#shown(found.slice(0, limit));
      from = last.delivery;
    }
  }

  /** @throws Problem `not_found`, the same for one that reaches more than `by` */
  async require(by: NumberReach, id: string): Promise<ShownDelivery> {
    const found = await this.deliveries.find(id);
    const [shown] = found && isVisible(found, by) ? await this.#shown([found]) : [];
    if (!shown) throw new Problem('not_found');
    return shown;
  }

  /** Deletes a delivery with its address and what it sent; nothing more is sent. @throws Problem `not_found` */
  async delete(by: NumberReach, id: string): Promise<void> {
    const { delivery } = await this.require(by, id);
    const deleted = await this.store.write(async (tx) => {
      const asked = await this.sends.confirmationOf(tx, id);
      if (asked?.state === 'due' && asked.first_attempt_at === null) await this.consent.askedInVain(tx, delivery);
      await this.sends.deleteOf(tx, id);
      return this.deliveries.delete(tx, id);
    });
    if (!deleted) throw new Problem('not_found');
  }

  /** Every delivery, for metrics. */
  async all(): Promise<ShownDelivery[]> {
    return this.#shown(await this.deliveries.list(MOST_OF_ALL, null));
  }

  /** Deletes unconfirmed and stopped deliveries after 30 days, what was sent after 90, and addresses that nothing needs. @returns how many rows */
  async purge(now: number): Promise<number> {
    return this.store.write(async (tx) => {
      const old = await this.deliveries.outlived(tx, now - LEFT_ALONE_MS, MOST_OF_ALL);
      for (const id of old) {
        await this.sends.deleteOf(tx, id);
        await this.deliveries.delete(tx, id);
      }
      const sends = await this.sends.purge(tx, now - KEEP_SENDS_MS);
      const before = { idle: now - LEFT_ALONE_MS, unsubscribed: now - KEEP_UNSUBSCRIBED_MS };
      return old.length + sends + Number((await this.addresses.purge(tx, before, MOST_OF_ALL)).numDeletedRows);
    });
  }

  async #shown(held: readonly HeldDelivery[]): Promise<ShownDelivery[]> {
    const sends = await this.sends.ofDeliveries(
      this.store.read,
      held.map(({ delivery }) => delivery.id),
    );
    const byDelivery = Map.groupBy(sends, ({ delivery_id }: ReportSend) => delivery_id);
    const digests = held.flatMap(({ delivery: { addressDigest, confirmedAt } }) =>
      confirmedAt === null && addressDigest ? [addressDigest] : [],
    );
    const asked = await this.addresses.asked(this.store.read, [...new Set(digests)]);
    return held.map(({ delivery, lack }) => ({
      ...statusOf(delivery, byDelivery.get(delivery.id) ?? [], lack === null),
      delivery,
      stopReason: delivery.stoppedReason ?? lack,
      askedAt: delivery.confirmedAt === null ? (asked.get(delivery.addressDigest ?? '') ?? null) : null,
    }));
  }
}

/** Those without a number left are shown to keys of all numbers alone. */
const isVisible = ({ delivery }: HeldDelivery, by: NumberReach): boolean => isWithin(reachOfDelivery(delivery), by);
