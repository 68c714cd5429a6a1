import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { scopesIn } from '#access/authorization/scope.js';
import { ALL_ON_PURPOSE, common, numbersIn, numbersText } from '#identity/numbers/number-reach.js';
import { camelCase } from '#kernel/case.js';
import { SealBroken, SealingKeyMissing } from '#kernel/sealed.js';
import { Secret } from '#kernel/secret.js';
import { SecretsService } from '#secrets/secrets.service.js';
import { COUNT } from '#store/order.js';
import type { Schema } from '#store/schema.js';
import { isSealing } from '#store/sealed/sealing-state.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import type { ReportDelivery, ReportStopReason } from './report-delivery.js';

/** A row with its key: the numbers and scopes are null when the key is gone, and `key_id_now` is. */
type HeldRow = Selectable<Schema['report_deliveries']> & {
  key_id_now: string | null;
  key_numbers: string | null;
  key_scopes: string | null;
  key_suspended_at: number | null;
};

/** A delivery, and why its key may not have it any more; null when it may. */
export interface HeldDelivery {
  delivery: ReportDelivery;
  lack: ReportStopReason | null;
}

/** The last delivery of the page before. */
export type DeliveryListCursor = Pick<ReportDelivery, 'createdAt' | 'id'>;

const PLACE = { table: 'report_deliveries', column: 'sealed_secret' } as const;

/** The SQL of report deliveries. */
@Injectable()
export class ReportDeliveriesStore {
  constructor(
    private readonly store: Store,
    private readonly secrets: SecretsService,
  ) {}

  /** @param isOnPurpose whether one of all numbers is to have those too that are added later */
  async insert(tx: Tx, delivery: ReportDelivery, secret: Secret, isOnPurpose: boolean): Promise<void> {
    const isToSeal = this.secrets.isConfigured && (await isSealing(tx));
    const sealed = isToSeal ? this.secrets.seal(secret.reveal(), { ...PLACE, id: delivery.id }) : null;
    await tx
      .insertInto('report_deliveries')
      .values({
        ...{ id: delivery.id, channel: delivery.channel, address: delivery.address, address_digest: delivery.addressDigest },
        ...{ every: delivery.every, language: delivery.language, time_zone: delivery.timeZone, phone_number_id: delivery.phoneNumberId },
        ...{ created_by: delivery.createdBy, key_id: delivery.keyId, created_at: delivery.createdAt, confirmed_at: delivery.confirmedAt },
        ...{ stopped_at: null, stopped_reason: null, next_at: delivery.nextAt, numbers: isOnPurpose ? ALL_ON_PURPOSE : null },
        ...{ secret: isToSeal ? '' : secret.reveal(), sealed_secret: sealed },
      })
      .execute();
  }

  async find(id: string, reader: Reader = this.store.read): Promise<HeldDelivery | null> {
    const row = await selectHeld(reader).where('report_deliveries.id', '=', id).executeTakeFirst();
    return row ? this.#held(row) : null;
  }

  /** Oldest first. */
  async list(limit: number, after: DeliveryListCursor | null): Promise<HeldDelivery[]> {
    const all = selectHeld(this.store.read).orderBy('report_deliveries.created_at').orderBy('report_deliveries.id').limit(limit);
    const page = after
      ? all.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('report_deliveries.created_at', 'report_deliveries.id'), '>', tuple(after.createdAt, after.id)),
        )
      : all;
    return (await page.execute()).map((row) => this.#held(row));
  }

  /** Every one of them, or those of a key, in any state. */
  async all(tx: Tx, keyId: string | null = null): Promise<HeldDelivery[]> {
    const all = selectHeld(tx);
    const rows = await (keyId === null ? all : all.where('report_deliveries.key_id', '=', keyId)).execute();
    return rows.map((row) => this.#held(row));
  }

  /** Those of an address. */
  async ofAddress(reader: Reader, digest: string): Promise<HeldDelivery[]> {
    const rows = await selectHeld(reader).where('report_deliveries.address_digest', '=', digest).execute();
    return rows.map((row) => this.#held(row));
  }

  /** Confirmed ones whose next period is over, the longest waiting first. */
  async due(reader: Reader, now: number, limit: number): Promise<ReportDelivery[]> {
    const due = selectHeld(reader).where('next_at', '<=', now).where('confirmed_at', 'is not', null).where('stopped_at', 'is', null);
    return (await due.orderBy('next_at').limit(limit).execute()).map((row) => this.#held(row).delivery);
  }

  async change(
    tx: Tx,
    id: string,
    change: { nextAt?: number; confirmedAt?: number; keyId?: string; numbers?: readonly string[] | null },
  ): Promise<void> {
    const { nextAt, confirmedAt, keyId, numbers } = change;
    await tx
      .updateTable('report_deliveries')
      .set({
        ...(nextAt === undefined ? {} : { next_at: nextAt }),
        ...(confirmedAt === undefined ? {} : { confirmed_at: confirmedAt }),
        ...(keyId === undefined ? {} : { key_id: keyId }),
        ...(numbers === undefined ? {} : { numbers: numbersText(numbers) }),
      })
      .where('id', '=', id)
      .execute();
  }

  /** Stops one for good, unless it has stopped. */
  async stop(tx: Tx, id: string, reason: ReportStopReason, at: number): Promise<boolean> {
    const stopped = tx.updateTable('report_deliveries').set({ stopped_at: at, stopped_reason: reason });
    return (await stopped.where('id', '=', id).where('stopped_at', 'is', null).executeTakeFirst()).numUpdatedRows > 0n;
  }

  /** Limits those of all numbers, but for those that are so on purpose. @returns their ids */
  async pin(tx: Tx, phoneNumberId: string): Promise<string[]> {
    const ofAll = tx.updateTable('report_deliveries').set({ phone_number_id: phoneNumberId });
    const rows = await ofAll.where('phone_number_id', 'is', null).where('numbers', 'is', null).returning('id').execute();
    return rows.map(({ id }) => id);
  }

  async delete(tx: Tx, id: string): Promise<boolean> {
    return (await tx.deleteFrom('report_deliveries').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;
  }

  /** Those that have stopped, or were made and never confirmed, before then. */
  async outlived(tx: Tx, before: number, limit: number): Promise<string[]> {
    const old = tx.selectFrom('report_deliveries').select('id').limit(limit);
    const rows = await old
      .where(({ eb, or, and }) => or([eb('stopped_at', '<', before), and([eb('confirmed_at', 'is', null), eb('created_at', '<', before)])]))
      .execute();
    return rows.map(({ id }) => id);
  }

  /** How many there are, by channel and whether they are confirmed or stopped. */
  async counts(): Promise<Array<{ channel: 'mail' | 'webhook'; state: 'unconfirmed' | 'active' | 'stopped'; count: number }>> {
    const rows = await this.store.read.selectFrom('report_deliveries').select(['channel', 'confirmed_at', 'stopped_at']).execute();
    const stateOf = (row: (typeof rows)[number]) => {
      if (row.stopped_at !== null) return 'stopped' as const;
      return row.confirmed_at === null ? ('unconfirmed' as const) : ('active' as const);
    };
    const groups = Map.groupBy(rows, (row) => `${row.channel} ${stateOf(row)}`);
    return [...groups.values()].flatMap((group) =>
      group[0] ? { channel: group[0].channel, state: stateOf(group[0]), count: group.length } : [],
    );
  }

  async count(tx: Tx, keyId: string | null): Promise<number> {
    const all = tx.selectFrom('report_deliveries').select(COUNT);
    return Number((await (keyId === null ? all : all.where('key_id', '=', keyId)).executeTakeFirstOrThrow()).n);
  }

  /** Whether a key is there and not suspended; it stays so until the transaction ends. */
  async holdKey(tx: Tx, keyId: string): Promise<boolean> {
    const key = tx.selectFrom('api_keys').select('id').where('id', '=', keyId).where('suspended_at', 'is', null);
    return (await (this.store.engine === 'postgres' ? key.forShare() : key).executeTakeFirst()) !== undefined;
  }

  #held(row: HeldRow): HeldDelivery {
    const { key_id_now, key_numbers, key_scopes, key_suspended_at, sealed_secret, secret, ...same } = row;
    const numbers = common({ numbers: numbersIn(row.numbers) }, { numbers: numbersIn(key_numbers) }).numbers;
    return { delivery: { ...camelCase(same), numbers, secret: this.#secretIn(row) }, lack: lackOf(row) };
  }

  #secretIn({ id, secret, sealed_secret }: HeldRow): Secret | null {
    if (secret !== '') return new Secret(secret);
    if (sealed_secret === null) return null;
    try {
      return new Secret(this.secrets.open(sealed_secret, { ...PLACE, id }));
    } catch (error) {
      if (error instanceof SealBroken || error instanceof SealingKeyMissing) return null;
      throw error;
    }
  }
}

function lackOf({ key_id_now, key_scopes, key_suspended_at }: HeldRow): ReportStopReason | null {
  if (key_id_now === null) return 'key_deleted';
  if (key_suspended_at !== null) return 'key_suspended';
  return scopesIn(key_scopes ?? '[]').includes('compliance:read') ? null : 'scope_missing';
}

const selectHeld = (reader: Reader) =>
  reader
    .selectFrom('report_deliveries')
    .leftJoin('api_keys', 'api_keys.id', 'report_deliveries.key_id')
    .selectAll('report_deliveries')
    .select([
      'api_keys.id as key_id_now',
      'api_keys.numbers as key_numbers',
      'api_keys.scopes as key_scopes',
      'api_keys.suspended_at as key_suspended_at',
    ]);
