import { READABLE_SINCE_KEY } from '#store/migrations/schema-state.js';
import { type Reader, readMeta, type Tx, writeMeta } from '#store/store.js';

/** The row of `meta` that says that secrets with a plain column are sealed in this database. */
const SEALING = 'sealing';
/** The first release that reads sealed secrets, by its last migration. */
const READS_SEALED_SINCE = '0027-sealed-secrets';

/** Whether secrets that have a plain column are sealed: no release that reads plain ones alone works on this database any more. */
export const isSealing = async (reader: Reader): Promise<boolean> => (await readMeta(reader, SEALING)) === 'on';

/** From now on they are sealed; a release that reads plain ones alone does not start on this database any more. */
export async function beginSealing(tx: Tx): Promise<void> {
  await writeMeta(tx, SEALING, 'on');
  const since = await readMeta(tx, READABLE_SINCE_KEY);
  if ((since ?? '') < READS_SEALED_SINCE) await writeMeta(tx, READABLE_SINCE_KEY, READS_SEALED_SINCE);
}
