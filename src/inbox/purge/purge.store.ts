import type { ExpressionBuilder } from 'kysely';
import type { Schema } from '#store/schema.js';
import type { Store } from '#store/store.js';

/** A delivery beyond the cursor of forwarding; without forwarding there is none. */
const isStillToBeForwarded = ({ eb, and, or, ref }: ExpressionBuilder<Schema, 'deliveries' | 'forwards'>) =>
  and([
    // The first number forwards what is of none; which one that is does not stand here.
    or([
      eb('forwards.phone_number_id', 'is', null),
      eb('forwards.phone_number_id', '=', ref('deliveries.phone_number_id')),
      eb('deliveries.phone_number_id', '=', ''),
    ]),
    or([
      eb('deliveries.xid', '>', ref('forwards.xid')),
      and([eb('deliveries.xid', '=', ref('forwards.xid')), eb('deliveries.id', '>', ref('forwards.delivery_id'))]),
    ]),
  ]);

/**
 * Deletes deliveries and keys of elements received before these times. Deliveries that wait to be applied or forwarded stay, and those that
 * the target of forwarding refused as long after the refusal.
 * @param removed the numbers for which nothing is applied any more: what waits for them goes, too
 */
export async function purgeInbox(
  store: Store,
  deliveriesBefore: number,
  seenBefore: number,
  removed: readonly string[] = [],
): Promise<void> {
  await store.inBatches(async (tx, most) => {
    // Ids rise with time, so the rows that are kept are not scanned.
    const kept = await tx
      .selectFrom('deliveries')
      .select('id')
      .where('received_at', '>=', deliveriesBefore)
      .orderBy('id')
      .limit(1)
      .execute();
    const old = tx
      .selectFrom('deliveries')
      .select('id')
      .where('id', '<', kept[0]?.id ?? Number.MAX_SAFE_INTEGER)
      .where(({ eb, or }) => or([eb('state', '!=', 'new'), ...(removed.length > 0 ? [eb('phone_number_id', 'in', [...removed])] : [])]))
      .where(({ not, exists, selectFrom }) => not(exists(selectFrom('forwards').select('name').where(isStillToBeForwarded))))
      .where('id', 'not in', tx.selectFrom('refused_forwards').select('delivery_id').where('last_refused_at', '>=', deliveriesBefore))
      .orderBy('id')
      .limit(most);
    return tx.deleteFrom('deliveries').where('id', 'in', old).executeTakeFirst();
  });
  await store.inBatches((tx, most) => {
    const old = tx.selectFrom('seen').select('key').where('at', '<', seenBefore).limit(most);
    return tx.deleteFrom('seen').where('key', 'in', old).executeTakeFirst();
  });
}
