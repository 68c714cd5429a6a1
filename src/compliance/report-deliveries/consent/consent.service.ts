import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { periodAt } from '#compliance/report-deliveries/delivery-period.js';
import { ReportDeliveriesStore } from '#compliance/report-deliveries/report-deliveries.store.js';
import { LEFT_ALONE_MS, type ReportDelivery } from '#compliance/report-deliveries/report-delivery.js';
import { ReportSendsStore } from '#compliance/report-deliveries/sending/report-sends.store.js';
import { Settings } from '#config/settings.js';
import { Clock, DAY } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Secret, sha256 } from '#kernel/secret.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import { deliveryIn } from './links.js';
import { type KnownAddress, ReportAddressesStore } from './report-addresses.store.js';

/** So many new addresses are asked in a day, over all replicas. */
const MOST_ASKED_A_DAY = 50;

/** Under what an address is known: capitals make no other one. */
export const digestOfAddress = (address: string): string => sha256(address.toLowerCase());

/** Whether readers want reports: each address is asked once, and each mail has a link that ends it. */
@Injectable()
export class ConsentService {
  constructor(
    private readonly addresses: ReportAddressesStore,
    private readonly deliveries: ReportDeliveriesStore,
    private readonly sends: ReportSendsStore,
    @Inject(Settings) private readonly settings: Pick<Settings, 'mail'>,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Whether an address needs no question: it has confirmed, or its domain is the owner's and it has not unsubscribed. */
  async isConfirmed(tx: Tx, address: string): Promise<boolean> {
    const known = await this.addresses.find(tx, digestOfAddress(address));
    if (known?.confirmed_at != null) return true;
    const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
    return known?.unsubscribed_at == null && this.settings.mail.confirmedDomains.includes(domain);
  }

  /**
   * Has an address asked, in the transaction that makes a delivery to it, unless it was asked or unsubscribed in the last 30 days.
   * @throws Problem `too_many_confirmations`
   */
  async ask(tx: Tx, { id, addressDigest, secret }: ReportDelivery): Promise<void> {
    const now = this.clock.now();
    if (addressDigest === null || secret === null) return;
    const known = await this.addresses.find(tx, addressDigest);
    if (lastContact(known) > now - LEFT_ALONE_MS) return;
    const asked = await this.addresses.askedSince(tx, now - DAY);
    const first = asked.at(-MOST_ASKED_A_DAY);
    if (first !== undefined) throw new Problem('too_many_confirmations', { retryAt: first + DAY });
    await this.addresses.write(tx, addressDigest, { asked_at: now, token_digest: sha256(confirmTokenOf(id, secret)) }, now);
    await this.sends.claim(tx, id, null, now);
  }

  /** An address whose message was not sent may be asked anew. */
  async askedInVain(tx: Tx, delivery: ReportDelivery): Promise<void> {
    if (delivery.addressDigest === null || delivery.confirmedAt !== null) return;
    await this.addresses.write(tx, delivery.addressDigest, { asked_at: null, token_digest: null }, this.clock.now());
  }

  /** What a link to confirm is about: the deliveries that wait for it, and whether it has been confirmed. Null for a link that is unknown or too old. */
  async lookUp(token: string): Promise<{ waiting: ReportDelivery[]; isConfirmed: boolean } | null> {
    const known = await this.#knownBy(this.store.read, token);
    return known && { waiting: await this.#waiting(this.store.read, known.digest), isConfirmed: known.confirmed_at !== null };
  }

  /** Confirms the address of a link; its deliveries begin with the period that is under way. @returns false for a link that is unknown or too old */
  async confirm(token: string): Promise<boolean> {
    return this.store.write(async (tx) => {
      const known = await this.#knownBy(tx, token);
      if (!known) return false;
      const now = this.clock.now();
      if (known.confirmed_at === null) await this.addresses.write(tx, known.digest, { confirmed_at: now, unsubscribed_at: null }, now);
      for (const { id, every, timeZone } of await this.#waiting(tx, known.digest)) {
        await this.deliveries.change(tx, id, { confirmedAt: now, nextAt: periodAt(every, timeZone, now).until });
        await this.sends.drop(tx, id, now);
      }
      return true;
    });
  }

  /** The delivery that the link of a mail ends; null when the link is none, or its delivery is gone. */
  async ofUnsubscribeLink(token: string): Promise<ReportDelivery | null> {
    const id = deliveryIn(token);
    const delivery = id === null ? undefined : (await this.deliveries.find(id))?.delivery;
    return delivery?.secret && new Secret(unsubscribeTokenOf(delivery)).equals(token) ? delivery : null;
  }

  /** Ends the delivery of a link, at once and for good; its address must confirm before another one begins. @returns false for no such link */
  async unsubscribe(token: string): Promise<boolean> {
    const delivery = await this.ofUnsubscribeLink(token);
    if (!delivery) return false;
    await this.store.write(async (tx) => {
      const now = this.clock.now();
      const isStoppedNow = await this.deliveries.stop(tx, delivery.id, 'unsubscribed', now);
      await this.sends.drop(tx, delivery.id, now);
      const change = { confirmed_at: null, unsubscribed_at: now, token_digest: null };
      if (isStoppedNow && delivery.addressDigest !== null) await this.addresses.write(tx, delivery.addressDigest, change, now);
    });
    return true;
  }

  async #knownBy(reader: Reader, token: string): Promise<KnownAddress | null> {
    if (!/^[\w-]{43}$/.test(token)) return null;
    const known = await this.addresses.ofToken(reader, sha256(token));
    return known && (known.asked_at ?? 0) > this.clock.now() - LEFT_ALONE_MS ? known : null;
  }

  async #waiting(reader: Reader, digest: string): Promise<ReportDelivery[]> {
    const held = await this.deliveries.ofAddress(reader, digest);
    return held.flatMap(({ delivery, lack }) =>
      lack === null && delivery.confirmedAt === null && delivery.stoppedAt === null ? delivery : [],
    );
  }
}

const lastContact = (known: KnownAddress | null): number => Math.max(known?.asked_at ?? 0, known?.unsubscribed_at ?? 0);

const signed = (secret: Secret, text: string): string => createHmac('sha256', secret.reveal()).update(text).digest('base64url');

/** The token of the link that confirms; only its digest is kept. */
export const confirmTokenOf = (id: string, secret: Secret): string => signed(secret, `confirm ${id}`);

/** The token of the link that ends a delivery. @throws Problem `secret_unreadable` */
export function unsubscribeTokenOf({ id, secret }: Pick<ReportDelivery, 'id' | 'secret'>): string {
  if (secret === null) throw new Problem('secret_unreadable');
  return `${id}.${signed(secret, `unsubscribe ${id}`)}`;
}
