import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import { type CamelCase, camelCase, defined, snakeCase } from '#kernel/case.js';
import type { Schema } from '#store/schema.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import type { OurNumber } from './our-number.js';

/** A number as it is stored. */
export type KeptNumber = CamelCase<Selectable<Schema['numbers']>>;

/** What may be given of a number that is inserted, and changed later. */
export type NumberChange = Partial<Omit<KeptNumber, 'phoneNumberId' | 'learnedAt' | 'addressScope'>>;

/** The row of an environment's number of which nothing else is known. */
export const environmentRow = (phoneNumberId: string, learnedAt: number): KeptNumber => ({
  phoneNumberId,
  learnedAt,
  createdAt: learnedAt,
  displayPhoneNumber: null,
  wabaId: null,
  name: null,
  reference: null,
  portfolioId: null,
  clientId: null,
  channelId: null,
  source: 'environment',
  state: 'active',
  keyDigest: null,
  sealedApiKey: null,
  keyAcceptedAt: null,
  webhookTokenDigest: null,
  previousWebhookTokenDigest: null,
  sealedWebhookToken: null,
  replacedWebhook: null,
  forward: null,
  settings: null,
  keyRejectedAt: null,
  removal: null,
  removedAt: null,
  addressScope: '',
});

/** A number is inserted by one writer at a time: the first one is known by there being no other. */
export const NUMBERS_LOCK = 'numbers';

/** The SQL of our numbers. */
@Injectable()
export class NumbersStore {
  constructor(private readonly store: Store) {}

  /** The first one first; those that were removed stay away. */
  async all(reader: Reader = this.store.read): Promise<KeptNumber[]> {
    const rows = await reader.selectFrom('numbers').selectAll().orderBy('learned_at').orderBy('phone_number_id').execute();
    return rows.filter(({ removed_at }) => removed_at === null).map((row) => camelCase(row));
  }

  /** Of every number, those that were removed included: the JSON of the settings of its own, and whether it was removed. */
  async settings(): Promise<Array<{ phoneNumberId: string; settings: string | null; isRemoved: boolean }>> {
    const rows = await this.store.read.selectFrom('numbers').select(['phone_number_id', 'settings', 'removed_at']).execute();
    return rows.map(({ phone_number_id: phoneNumberId, settings, removed_at }) => ({
      phoneNumberId,
      settings,
      isRemoved: removed_at !== null,
    }));
  }

  /** The ids of those with a forward. */
  async forwarded(tx: Tx): Promise<string[]> {
    const kept = tx.selectFrom('numbers').select('phone_number_id').where('forward', 'is not', null).where('removed_at', 'is', null);
    return (await kept.execute()).map(({ phone_number_id }) => phone_number_id);
  }

  /** Those of the environment that are in use, also in a database that an older release has left, which has no other. */
  async ofEnvironment(): Promise<OurNumber[]> {
    const rows = await this.store.read.selectFrom('numbers').selectAll().orderBy('learned_at').execute();
    return rows
      .filter(({ source = 'environment', removed_at = null }) => source === 'environment' && removed_at === null)
      .map((row) => camelCase(row));
  }

  /** Inserts the number with what is given, or changes its row by it. The number that was there first has the empty scope of addresses. */
  async insert(tx: Tx, phoneNumberId: string, learnedAt: number, given: NumberChange): Promise<void> {
    const other = await tx.selectFrom('numbers').select('phone_number_id').where('phone_number_id', '!=', phoneNumberId).executeTakeFirst();
    const known = snakeCase(defined(given));
    const row = { phone_number_id: phoneNumberId, learned_at: learnedAt, created_at: learnedAt, ...known };
    await tx
      .insertInto('numbers')
      .values({ ...row, address_scope: other ? phoneNumberId : '' })
      .onConflict((conflict) =>
        Object.keys(known).length === 0 ? conflict.doNothing() : conflict.column('phone_number_id').doUpdateSet(known),
      )
      .execute();
  }

  /** The row as it stands, also of a number that was removed. */
  async find(reader: Reader, phoneNumberId: string): Promise<KeptNumber | null> {
    const row = await reader.selectFrom('numbers').selectAll().where('phone_number_id', '=', phoneNumberId).executeTakeFirst();
    return row ? camelCase(row) : null;
  }

  /** Whether it is in use, as the database has it now; null when it is in no row. */
  async state(reader: Reader, phoneNumberId: string): Promise<KeptNumber['state'] | null> {
    const kept = reader.selectFrom('numbers').select(['state', 'removed_at']).where('phone_number_id', '=', phoneNumberId);
    const row = await kept.executeTakeFirst();
    if (!row) return null;
    return row.removed_at === null ? row.state : 'removing';
  }

  /** Takes a removed number into use again: its deliveries are kept from now on, and of what it had only its past is left. */
  async revive(tx: Tx, phoneNumberId: string, learnedAt: number, given: NumberChange): Promise<void> {
    const { addressScope: _scope, phoneNumberId: _id, ...blank } = environmentRow(phoneNumberId, learnedAt);
    await tx
      .updateTable('numbers')
      .set(snakeCase({ ...blank, ...defined(given) }))
      .where('phone_number_id', '=', phoneNumberId)
      .execute();
  }

  /** Takes those of the environment out of use, and this one into it; what the database has sealed of it is the environment's from now on. */
  async replaceEnvironment(tx: Tx, phoneNumberId: string, now: number): Promise<void> {
    const known = await this.find(tx, phoneNumberId);
    const given = { ...environmentRow(phoneNumberId, known && known.removedAt === null ? known.learnedAt : now) };
    await tx
      .updateTable('numbers')
      .set({ removed_at: now, key_digest: null })
      .where('source', '=', 'environment')
      .where('removed_at', 'is', null)
      .where('phone_number_id', '!=', phoneNumberId)
      .execute();
    const { name, reference, settings, displayPhoneNumber, wabaId, portfolioId, clientId, channelId } = known ?? given;
    const kept = { name, reference, settings, displayPhoneNumber, wabaId, portfolioId, clientId, channelId };
    if (known) await this.revive(tx, phoneNumberId, given.learnedAt, kept);
    else await this.insert(tx, phoneNumberId, now, { source: 'environment' });
  }

  async update(tx: Tx, phoneNumberId: string, change: NumberChange): Promise<void> {
    await tx
      .updateTable('numbers')
      .set(snakeCase(defined(change)))
      .where('phone_number_id', '=', phoneNumberId)
      .execute();
  }
}
