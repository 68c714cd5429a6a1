import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '#store/store.js';

/** One request that 360dialog refused. */
export interface RecordedRefusal {
  phoneNumberId: string;
  at: number;
  operation: string;
  /** An error code. */
  code: string;
  upstreamCode: number | null;
  /** The gateway's id of the call it was about. */
  callId: string | null;
}

/** Refusals that are alike. */
export interface RefusalGroup {
  code: string;
  upstreamCode: number | null;
  operation: string;
  count: number;
  firstAt: number;
  lastAt: number;
  /** The latest call among them. */
  exampleCallId: string | null;
}

const MOST_GROUPS = 50;

@Injectable()
export class RefusalsStore {
  async add(tx: Tx, { phoneNumberId, at, operation, code, upstreamCode, callId }: RecordedRefusal): Promise<void> {
    await tx
      .insertInto('refusals')
      .values({ phone_number_id: phoneNumberId, at, operation, code, upstream_code: upstreamCode, call_id: callId })
      .execute();
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
    return groups.map((group) => ({
      code: group.code,
      upstreamCode: group.upstream_code,
      operation: group.operation,
      count: Number(group.count),
      firstAt: Number(group.first_at),
      lastAt: Number(group.last_at),
      exampleCallId: callOf.get(Number(group.latest)) ?? null,
    }));
  }

  /** When something was last refused for this reason; null when it was not. */
  async lastAt(reader: Reader, phoneNumberId: string, code: string): Promise<number | null> {
    const row = await reader
      .selectFrom('refusals')
      .select('at')
      .where('phone_number_id', '=', phoneNumberId)
      .where('code', '=', code)
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.at ?? null;
  }

  /** Up to `most` that are older. */
  purge(tx: Tx, before: number, most: number): Promise<{ numDeletedRows: bigint }> {
    const old = tx.selectFrom('refusals').select('id').where('at', '<', before).limit(most);
    return tx.deleteFrom('refusals').where('id', 'in', old).executeTakeFirst();
  }
}
