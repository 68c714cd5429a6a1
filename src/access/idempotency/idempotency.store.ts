import { Injectable } from '@nestjs/common';
import type { ExpressionBuilder } from 'kysely';
import type { Schema } from '#store/schema.js';
import { Store, type Tx } from '#store/store.js';

type Row = Schema['idempotency'];

/** Names one stored request. */
export type KeptId = Pick<Row, 'api_key_id' | 'key'>;

/** `holder` is the run that works on it; empty when a run gave up after its intent was committed. `status` is `null` while there is no answer. */
export type Kept = Pick<Row, 'fingerprint' | 'holder' | 'running_until' | 'call_id' | 'status' | 'body'>;

/** The SQL of idempotency. A run changes only what it still holds: once another took over, its updates hit nothing. */
@Injectable()
export class IdempotencyStore {
  constructor(private readonly store: Store) {}

  /** On SQLite one process has the file to itself; on Postgres several replicas share the table. */
  get shared(): boolean {
    return this.store.engine === 'postgres';
  }

  /** `false` when the key is taken. */
  async insert(tx: Tx, id: KeptId, fresh: Omit<Row, keyof KeptId | 'call_id' | 'status' | 'body'>): Promise<boolean> {
    const done = await tx
      .insertInto('idempotency')
      .values({ ...id, ...fresh, call_id: null, status: null, body: null })
      .onConflict((conflict) => conflict.columns(['api_key_id', 'key']).doNothing())
      .executeTakeFirst();
    return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
  }

  find(tx: Tx, id: KeptId): Promise<Kept | undefined> {
    return tx
      .selectFrom('idempotency')
      .select(['fingerprint', 'holder', 'running_until', 'call_id', 'status', 'body'])
      .where(({ and }) => and(id))
      .executeTakeFirst();
  }

  /** Takes an abandoned request over; `false` when another run was faster. */
  async takeOver(tx: Tx, id: KeptId, from: Kept, holder: string, runningUntil: number): Promise<boolean> {
    const done = await this.#held(tx, id, from.holder)
      .set({ holder, running_until: runningUntil })
      .where('running_until', '=', from.running_until)
      .executeTakeFirst();
    return done.numUpdatedRows > 0n;
  }

  /** `false` when the run no longer holds the request. */
  async setCall(tx: Tx, id: KeptId, holder: string, callId: string): Promise<boolean> {
    return (await this.#held(tx, id, holder).set({ call_id: callId }).executeTakeFirst()).numUpdatedRows > 0n;
  }

  async finish(tx: Tx, id: KeptId, holder: string, status: number, body: string): Promise<void> {
    await this.#held(tx, id, holder).set({ status, body }).execute();
  }

  /** Removes a run and its intent, so that the key can be retried. */
  async remove(tx: Tx, id: KeptId, holder: string): Promise<void> {
    await this.#removal(tx, id, holder).execute();
  }

  /** Removes a run without an intent, so that the key can be retried; a run with one is released, to be answered from the intent. */
  async giveUp(tx: Tx, id: KeptId, holder: string): Promise<void> {
    await this.#removal(tx, id, holder).where('call_id', 'is', null).execute();
    await this.#held(tx, id, holder).set({ holder: '', running_until: 0 }).execute();
  }

  /** No request of the key has this fingerprint: none is answered from what is stored. */
  async disown(tx: Tx, apiKeyId: string): Promise<void> {
    await tx.updateTable('idempotency').set({ fingerprint: '' }).where('api_key_id', '=', apiKeyId).execute();
  }

  /** Purges a batch of older rows. */
  purge(tx: Tx, before: number, batch: number): Promise<{ numDeletedRows: bigint }> {
    const old = tx.selectFrom('idempotency').select(['api_key_id', 'key']).where('created_at', '<', before).limit(batch);
    return tx
      .deleteFrom('idempotency')
      .where(({ eb, refTuple }) => eb(refTuple('api_key_id', 'key'), 'in', old.$asTuple('api_key_id', 'key')))
      .executeTakeFirst();
  }

  #removal(tx: Tx, id: KeptId, holder: string) {
    return tx.deleteFrom('idempotency').where(isHeld(id, holder));
  }

  #held(tx: Tx, id: KeptId, holder: string) {
    return tx.updateTable('idempotency').where(isHeld(id, holder));
  }
}

const isHeld = (id: KeptId, holder: string) => (eb: ExpressionBuilder<Schema, 'idempotency'>) =>
  eb.and({ ...id, holder }).and('status', 'is', null);
