import { Injectable } from '@nestjs/common';
import { type Selectable, sql, type Updateable } from 'kysely';
import { isScope } from '#access/authorization/scope.js';
import type { Cursor } from '#events/cursor.js';
import type { EventFilter, OutboxType } from '#events/event.js';
import { ALL_ON_PURPOSE, common, numbersIn, numbersText } from '#identity/numbers/number-reach.js';
import { camelCase, defined, snakeCase } from '#kernel/case.js';
import { parseJson } from '#kernel/read.js';
import { SealBroken, SealingKeyMissing } from '#kernel/sealed.js';
import { Secret } from '#kernel/secret.js';
import { SecretsService } from '#secrets/secrets.service.js';
import { COUNT, fromCursor } from '#store/order.js';
import type { Schema } from '#store/schema.js';
import { isSealing } from '#store/sealed/sealing-state.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import type { Gap } from './gap.js';
import type { Subscription, SubscriptionFormat } from './subscription.js';

type Row = Selectable<Schema['subscriptions']>;
/** A row with the numbers of its key. */
type HeldRow = Row & { key_numbers: string | null };
type SubscriptionColumns = Partial<Omit<Subscription, 'id' | 'revision' | 'createdAt' | 'createdBy'>>;

/** The last subscription of the page before. */
export type SubscriptionListCursor = Pick<Subscription, 'createdAt' | 'id'>;

/** The SQL of subscriptions. How far their deliveries have come is written by `LeasesStore`. */
@Injectable()
export class SubscriptionsStore {
  constructor(
    private readonly store: Store,
    private readonly secrets: SecretsService,
  ) {}

  /** @param isOnPurpose whether one of all numbers is to hear those too that are added later */
  async insert(tx: Tx, subscription: Subscription, isOnPurpose: boolean): Promise<void> {
    const secrets = await this.#columnsOfSecrets(tx, subscription.id, subscription);
    // Its reach is that of its key, also when that changes.
    const rest = { numbers: isOnPurpose ? ALL_ON_PURPOSE : null, holder: null, held_by_until: null };
    await tx
      .insertInto('subscriptions')
      .values({ ...({ ...columnsOf(subscription), ...secrets } as Row), ...rest })
      .execute();
  }

  async find(id: string, reader: Reader = this.store.read): Promise<Subscription | null> {
    const row = await selectHeld(reader).where('subscriptions.id', '=', id).executeTakeFirst();
    return row ? subscriptionOf(row, this.secrets) : null;
  }

  /** Oldest first. */
  async list(limit: number, after: SubscriptionListCursor | null): Promise<Subscription[]> {
    let query = selectHeld(this.store.read).orderBy('subscriptions.created_at').orderBy('subscriptions.id').limit(limit);
    if (after) {
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('subscriptions.created_at', 'subscriptions.id'), '>', tuple(after.createdAt, after.id)),
      );
    }
    return (await query.execute()).map((row) => subscriptionOf(row, this.secrets));
  }

  /** What the active ones of all replicas want, and how many want the same. */
  async wishes(): Promise<Array<EventFilter & { count: number }>> {
    const columns = ['types', 'phone_number_id', 'subscriptions.numbers', 'api_keys.numbers as key_numbers'] as const;
    const rows = await withKeys(this.store.read)
      .select([...columns, COUNT])
      .where('state', '=', 'active')
      .groupBy(['types', 'phone_number_id', 'subscriptions.numbers', 'api_keys.numbers'])
      .execute();
    return rows.map((row) => ({
      types: typesOf(row.types),
      phoneNumberId: row.phone_number_id,
      numbers: numbersOf(row),
      count: Number(row.n),
    }));
  }

  /** Those that lose wanted events, or retries, when everything before `keep` is deleted, and perhaps some that do not. */
  async mayLose(tx: Tx, keep: Cursor): Promise<Subscription[]> {
    const { engine } = this.store;
    const waiting = tx
      .selectFrom('dispatches')
      .select('subscription_id')
      .where('state', '=', sql.lit('retrying'))
      .where(fromCursor(engine, '<', keep, 'event_id'));
    const rows = await selectHeld(tx)
      .where((where) => where.or([fromCursor(engine, '<', keep, 'event_id'), where('subscriptions.id', 'in', waiting)]))
      .execute();
    return rows.map((row) => subscriptionOf(row, this.secrets));
  }

  /** All of them, in any state. */
  async all(tx: Tx): Promise<Subscription[]> {
    return (await selectHeld(tx).execute()).map((row) => subscriptionOf(row, this.secrets));
  }

  /** Limits those of all numbers, but for those that are so on purpose. @returns their ids */
  async pin(tx: Tx, phoneNumberId: string): Promise<string[]> {
    const rows = await tx
      .updateTable('subscriptions')
      .set((eb) => ({ phone_number_id: phoneNumberId, revision: eb('revision', '+', 1) }))
      .where('phone_number_id', 'is', null)
      .where('numbers', 'is', null)
      .returning('id')
      .execute();
    return rows.map(({ id }) => id);
  }

  /** Whether a key is there and not suspended; it stays so until the transaction ends. */
  async holdKey(tx: Tx, keyId: string): Promise<boolean> {
    const key = tx.selectFrom('api_keys').select('id').where('id', '=', keyId).where('suspended_at', 'is', null);
    return (await (this.store.engine === 'postgres' ? key.forShare() : key).executeTakeFirst()) !== undefined;
  }

  /** How many that would get what is about a number are paused because their key is gone, was suspended or lacks a scope. */
  async pausedWithKeys(phoneNumberId: string): Promise<number> {
    const paused = this.store.read
      .selectFrom('subscriptions')
      .select(COUNT)
      .where('state', '=', 'paused')
      .where(({ eb, or }) => or([eb('phone_number_id', 'is', null), eb('phone_number_id', '=', phoneNumberId)]))
      .where(({ eb, or }) => or([eb('numbers', 'is', null), eb('numbers', 'like', `%"${phoneNumberId}"%`)]));
    const counted = paused.where('disabled_reason', 'in', ['key_deleted', 'key_suspended', 'scope_missing']);
    return Number((await counted.executeTakeFirstOrThrow()).n);
  }

  async count(tx: Tx): Promise<number> {
    const counted = tx.selectFrom('subscriptions').select(COUNT);
    return Number((await counted.executeTakeFirstOrThrow()).n);
  }

  /** A change that the delivery worker must notice: it raises the revision. False when there is no such subscription. */
  async change(tx: Tx, id: string, change: SubscriptionColumns): Promise<boolean> {
    const secrets = await this.#columnsOfSecrets(tx, id, change);
    const done = await tx
      .updateTable('subscriptions')
      .set((eb) => ({ ...columnsOf(change), ...secrets, revision: eb('revision', '+', 1) }))
      .where('id', '=', id)
      .executeTakeFirst();
    return done.numUpdatedRows > 0n;
  }

  async delete(tx: Tx, id: string): Promise<boolean> {
    return (await tx.deleteFrom('subscriptions').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;
  }

  /** Sealed where this database has sealed secrets and this process a key, else in plain text. */
  async #columnsOfSecrets(tx: Tx, id: string, change: SubscriptionColumns): Promise<Updateable<Row>> {
    const { secret = null, previousSecret, verifyToken = null } = change;
    if (secret === null && previousSecret === undefined && verifyToken === null) return {};
    const isToSeal = this.secrets.isConfigured && (await isSealing(tx));
    const kept = (column: SealedSecret, given: Secret | null) => {
      const text = given?.reveal() ?? null;
      const isSealed = isToSeal && text !== null;
      return { plain: isSealed ? null : text, sealed: isSealed ? this.secrets.seal(text, { table: 'subscriptions', column, id }) : null };
    };
    const [own, previous] = [kept('sealed_secret', secret), kept('sealed_previous_secret', previousSecret ?? null)];
    const token = kept('sealed_verify_token', verifyToken);
    return {
      ...(secret && { secret: own.plain ?? '', sealed_secret: own.sealed }),
      ...(previousSecret !== undefined && { previous_secret: previous.plain, sealed_previous_secret: previous.sealed }),
      ...(verifyToken && { verify_token: token.plain, sealed_verify_token: token.sealed }),
    };
  }
}

function columnsOf(change: Partial<Subscription>): Updateable<Schema['subscriptions']> {
  const {
    types,
    numbers,
    scopes,
    format,
    secret: _,
    previousSecret: __,
    verifyToken: ___,
    secretFault: ____,
    cursor,
    gap,
    ...same
  } = change;
  return defined({
    ...snakeCase(same),
    format: format && formatColumn(format),
    types: types && JSON.stringify(types),
    numbers: numbers === undefined ? undefined : numbersText(numbers),
    scopes: scopes && JSON.stringify(scopes),
    xid: cursor?.xid,
    event_id: cursor?.id,
    ...(gap === undefined ? {} : columnsOfGap(gap)),
  });
}

/** Null in rows of releases that know the standard format alone. */
const formatColumn = (format: SubscriptionFormat): 'meta' | null => (format === 'meta' ? format : null);

const columnsOfGap = (gap: Gap | null): Updateable<Schema['subscriptions']> => ({
  gap_events: gap?.events ?? null,
  gap_from: gap?.from ?? null,
  gap_until: gap?.until ?? null,
  gap_told_at: gap?.reportedAt ?? null,
});

const gapOf = ({ gap_events: events, gap_from: from, gap_until: until, gap_told_at: reportedAt }: Row): Gap | null =>
  events === null || from === null || until === null ? null : { events, from, until, reportedAt };

const typesOf = (types: string | null): OutboxType[] | null => (types === null ? null : (parseJson(types) as OutboxType[]));

/** Subscriptions beside their keys. An older release knew only the key that made one. */
const withKeys = (reader: Reader) =>
  reader
    .selectFrom('subscriptions')
    .leftJoin('api_keys', (join) => join.on(({ eb, fn }) => eb('api_keys.id', '=', fn.coalesce('subscriptions.key_id', 'created_by'))));

/** Subscriptions as `subscriptionOf` takes them. */
export const selectHeld = (reader: Reader) => withKeys(reader).selectAll('subscriptions').select('api_keys.numbers as key_numbers');

const numbersOf = ({ numbers, key_numbers }: Pick<HeldRow, 'numbers' | 'key_numbers'>): readonly string[] | null =>
  common({ numbers: numbersIn(numbers) }, { numbers: numbersIn(key_numbers) }).numbers;

type SealedSecret = 'sealed_secret' | 'sealed_previous_secret' | 'sealed_verify_token';
type SecretsRead = Pick<Subscription, 'secret' | 'previousSecret' | 'verifyToken' | 'secretFault'>;

/** The secrets of a row. One in plain text is newer than a sealed one: a process without a key has written it. */
function secretsIn(row: Row, secrets: SecretsService): SecretsRead {
  const read = (plain: string | null, column: SealedSecret) => {
    const sealed = row[column];
    if (plain) return new Secret(plain);
    return sealed === null ? null : new Secret(secrets.open(sealed, { table: 'subscriptions', column, id: row.id }));
  };
  try {
    const secret = read(row.secret, 'sealed_secret');
    if (secret === null) throw new SealBroken();
    const previousSecret = read(row.previous_secret, 'sealed_previous_secret');
    return { secret, previousSecret, verifyToken: read(row.verify_token, 'sealed_verify_token'), secretFault: null };
  } catch (error) {
    if (!(error instanceof SealingKeyMissing || error instanceof SealBroken)) throw error;
    return {
      secret: null,
      previousSecret: null,
      verifyToken: null,
      secretFault: error instanceof SealBroken ? 'seal_broken' : 'key_missing',
    };
  }
}

/** A subscription as its row has it. */
export function subscriptionOf(row: HeldRow, secrets: SecretsService): Subscription {
  const { xid, event_id, holder, held_by_until, gap_events, gap_from, gap_until, gap_told_at, key_numbers, ...others } = row;
  const { secret: _, previous_secret, sealed_secret, sealed_previous_secret, verify_token, sealed_verify_token, ...same } = others;
  return {
    ...camelCase(same),
    format: row.format ?? 'standard',
    types: typesOf(row.types),
    numbers: numbersOf(row),
    scopes: (parseJson(row.scopes) as unknown[]).filter(isScope),
    ...secretsIn(row, secrets),
    cursor: { xid, id: event_id },
    gap: gapOf(row),
  };
}
