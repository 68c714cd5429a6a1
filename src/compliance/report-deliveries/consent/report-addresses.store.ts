import { Injectable } from '@nestjs/common';
import type { Schema } from '#store/schema.js';
import type { Reader, Tx } from '#store/store.js';

/** What is known of a mail address. Times are in ms since 1970. */
export type KnownAddress = Schema['report_addresses'];

/** The SQL of mail addresses, which are kept by digest. */
@Injectable()
export class ReportAddressesStore {
  async find(reader: Reader, digest: string): Promise<KnownAddress | null> {
    return (await reader.selectFrom('report_addresses').selectAll().where('digest', '=', digest).executeTakeFirst()) ?? null;
  }

  async ofToken(reader: Reader, tokenDigest: string): Promise<KnownAddress | null> {
    return (await reader.selectFrom('report_addresses').selectAll().where('token_digest', '=', tokenDigest).executeTakeFirst()) ?? null;
  }

  /** When each of these was asked. */
  async asked(reader: Reader, digests: readonly string[]): Promise<ReadonlyMap<string, number | null>> {
    if (digests.length === 0) return new Map();
    const rows = await reader
      .selectFrom('report_addresses')
      .select(['digest', 'asked_at'])
      .where('digest', 'in', [...digests])
      .execute();
    return new Map(rows.map(({ digest, asked_at }) => [digest, asked_at]));
  }

  async write(tx: Tx, digest: string, change: Partial<Omit<KnownAddress, 'digest' | 'changed_at'>>, at: number): Promise<void> {
    const blank = { asked_at: null, token_digest: null, confirmed_at: null, unsubscribed_at: null };
    await tx
      .insertInto('report_addresses')
      .values({ ...blank, ...change, digest, changed_at: at })
      .onConflict((conflict) => conflict.column('digest').doUpdateSet({ ...change, changed_at: at }))
      .execute();
  }

  /** When those were asked that were asked since then, the earliest first. */
  async askedSince(tx: Tx, since: number): Promise<number[]> {
    const rows = await tx.selectFrom('report_addresses').select('asked_at').where('asked_at', '>', since).orderBy('asked_at').execute();
    return rows.flatMap(({ asked_at }) => asked_at ?? []);
  }

  /** Those that no delivery has: the ones that did not unsubscribe after a shorter time. */
  async purge(tx: Tx, before: { idle: number; unsubscribed: number }, limit: number): Promise<{ numDeletedRows: bigint }> {
    const used = tx.selectFrom('report_deliveries').select('address_digest').where('address_digest', 'is not', null);
    const idle = tx
      .selectFrom('report_addresses')
      .select('digest')
      .where('digest', 'not in', used)
      .where(({ eb, or, and }) =>
        or([and([eb('unsubscribed_at', 'is', null), eb('changed_at', '<', before.idle)]), eb('changed_at', '<', before.unsubscribed)]),
      )
      .limit(limit);
    return tx.deleteFrom('report_addresses').where('digest', 'in', idle).executeTakeFirst();
  }
}
