import { Injectable } from '@nestjs/common';
import { Store, type Tx } from '#store/store.js';

/** One administrative request. */
export interface Act {
  at: number;
  /** `METHOD /route` with the names of its parameters, never their values; or `key.used`. */
  action: string;
  keyId: string;
  /** The session or browser token that the request used; null for the key itself. */
  operatorId: string | null;
  /** The gateway's own id of the object it changed; never a phone number or a BSUID. */
  target: string | null;
  requestId: string | null;
}

/** An act with its result. */
export interface AuditEntry extends Act {
  id: number;
  /** The HTTP status of the answer; null while there is none, as after a crash, and for `key.used`. */
  status: number | null;
}

/** The SQL of the audit log; it knows no update, and the database refuses one. */
@Injectable()
export class AuditStore {
  constructor(private readonly store: Store) {}

  async add(tx: Tx, act: Act): Promise<number> {
    const { id } = await tx
      .insertInto('audit')
      .values({ ...columnsOf(act), outcome_of: null, status: null })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  }

  /** The result of an act, as a row of its own. @param act with the target, which may be known only now */
  async finish(tx: Tx, id: number, act: Act, status: number): Promise<void> {
    await tx
      .insertInto('audit')
      .values({ ...columnsOf(act), outcome_of: id, status })
      .onConflict((conflict) => conflict.column('outcome_of').doNothing())
      .execute();
  }

  /** Purges a batch of older rows. */
  purge(tx: Tx, before: number, batch: number): Promise<{ numDeletedRows: bigint }> {
    const old = tx.selectFrom('audit').select('id').where('at', '<', before).orderBy('id').limit(batch);
    return tx.deleteFrom('audit').where('id', 'in', old).executeTakeFirst();
  }

  /** Newest first. */
  async list(limit: number, before: number | null): Promise<AuditEntry[]> {
    let query = this.store.read
      .selectFrom('audit')
      .leftJoin('audit as outcome', 'outcome.outcome_of', 'audit.id')
      .select(['audit.id', 'audit.at', 'audit.action', 'audit.key_id', 'audit.operator_id', 'audit.target', 'audit.request_id'])
      .select(['outcome.status', 'outcome.target as made'])
      .where('audit.outcome_of', 'is', null);
    if (before !== null) query = query.where('audit.id', '<', before);
    const rows = await query.orderBy('audit.id', 'desc').limit(limit).execute();
    return rows.map((row) => ({
      id: row.id,
      at: row.at,
      action: row.action,
      keyId: row.key_id,
      operatorId: row.operator_id,
      target: row.made ?? row.target,
      requestId: row.request_id,
      status: row.status,
    }));
  }
}

const columnsOf = ({ at, action, keyId, operatorId, target, requestId }: Act) => ({
  at,
  action,
  key_id: keyId,
  operator_id: operatorId,
  target,
  request_id: requestId,
});
