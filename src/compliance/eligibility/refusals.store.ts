import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { ProblemCode } from '#kernel/problem.js';
import type { Schema } from '#store/schema.js';
import type { Reader, Tx } from '#store/store.js';

type Refusal = Selectable<Schema['refusals']>;

/** Refusals that are alike; `example_call_id` is the latest call among them. */
export type RefusalGroup = Pick<Refusal, 'code' | 'upstream_code' | 'operation'> &
  Record<'count' | 'first_at' | 'last_at', number> & { example_call_id: string | null };

const MOST_GROUPS = 50;

@Injectable()
export class RefusalsStore {
  async add(tx: Tx, refusal: Omit<Refusal, 'id'>): Promise<void> {
    await tx.insertInto('refusals').values(refusal).execute();
  }

  /** What was refused since then, the latest first. */
  async groups(reader: Reader, phoneNumberId: string, since: number): Promise<RefusalGroup[]> {
    const groups = await reader
      .selectFrom('refusals')
      .select(({ fn }) => [
        'code',
        'upstream_code',
        'operation',
        fn.countAll().as('count'),
        fn.min('at').as('first_at'),
        fn.max('at').as('last_at'),
        fn.max('id').as('latest'),
      ])
      .where('phone_number_id', '=', phoneNumberId)
      .where('at', '>=', since)
      .groupBy(['code', 'upstream_code', 'operation'])
      .orderBy('last_at', 'desc')
      .limit(MOST_GROUPS)
      .execute();
    if (groups.length === 0) return [];
    const latest = groups.map((group) => Number(group.latest));
    const calls = await reader.selectFrom('refusals').select(['id', 'call_id']).where('id', 'in', latest).execute();
    const callOf = new Map(calls.map(({ id, call_id }) => [Number(id), call_id]));
    return groups.map(({ latest: id, ...group }) => ({
      ...group,
      count: Number(group.count),
      first_at: Number(group.first_at),
      last_at: Number(group.last_at),
      example_call_id: callOf.get(Number(id)) ?? null,
    }));
  }

  /** The last refusal for one of these reasons, in ms since 1970; null when there was none. */
  async last(reader: Reader, phoneNumberId: string, codes: readonly ProblemCode[]): Promise<{ code: ProblemCode; at: number } | null> {
    const row = await reader
      .selectFrom('refusals')
      .select(['code', 'at'])
      .where('phone_number_id', '=', phoneNumberId)
      .where('code', 'in', codes)
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? { code: row.code as ProblemCode, at: row.at } : null;
  }

  /** Up to `most` that are older. */
  purge(tx: Tx, before: number, most: number): Promise<{ numDeletedRows: bigint }> {
    const old = tx.selectFrom('refusals').select('id').where('at', '<', before).limit(most);
    return tx.deleteFrom('refusals').where('id', 'in', old).executeTakeFirst();
  }
}
