import { sql } from 'kysely';
import { readMeta, type Store, type Tx, writeMeta } from '#store/store.js';

/** The row of `meta` that says on which server the numbers of events and deliveries are drawn, and the how manieth server that is. */
const KEY = 'generation';
const FIRST_STRETCH = 2 ** 48;
/** Ids of several databases that exchange numbers are kept apart by their cell; there is one so far. */
const CELLS = 1_024;
const CELL = 0;

const FIELDS = ['system', 'timeline', 'database', 'events'] as const;
type Identity = Record<(typeof FIELDS)[number], string>;
type Generation = Identity & { generation: number };

/**
 * Begins a new generation when the database is no longer where it was: restored from a dump or a backup, moved, or failed over. Its
 * sequences may then draw numbers that were drawn before, for events that are lost; the new stretch makes other ids of them, after
 * all old ones. Two processes that find out at once agree by a lock.
 * @returns the new generation; null when it goes on as it was
 */
export async function claimGeneration(store: Store): Promise<number | null> {
  if (store.engine === 'sqlite') return null;
  const here = await whereItIs(store);
  if (isAt(await generationOf(store.read), here)) return null;
  return store.write((tx) => begin(tx, here), [KEY], 'long');
}

async function begin(tx: Tx, here: Identity): Promise<number | null> {
  const kept = await generationOf(tx);
  if (isAt(kept, here)) return null;
  const { stretch, is_used } = await stretchOf(tx);
  const current = Math.max((stretch - FIRST_STRETCH - CELL) / CELLS, kept?.generation ?? 0);
  const isNew = kept !== null || is_used;
  const generation = isNew ? current + 1 : current;
  if (isNew) await useStretch(tx, FIRST_STRETCH + CELLS * generation + CELL);
  await writeMeta(tx, KEY, JSON.stringify({ ...here, generation } satisfies Generation));
  return isNew ? generation : null;
}

/** The stretch in use, and whether anything was written in it. */
async function stretchOf(tx: Tx): Promise<{ stretch: number; is_used: boolean }> {
  const isUsed = sql`exists (select from events where xid >= event_stretch()) or exists (select from deliveries where xid >= event_stretch())`;
  const asked = sql<{ stretch: number; is_used: boolean }>`(select event_stretch() as stretch, ${isUsed} as is_used)`.as('asked');
  return tx.selectFrom(asked).select(['stretch', 'is_used']).executeTakeFirstOrThrow();
}

async function useStretch(tx: Tx, stretch: number): Promise<void> {
  // Who has drawn a number of the old stretch commits before; whoever waits draws one of the new. In the order in which writers take them.
  await sql`lock table deliveries, events in share row exclusive mode`.execute(tx);
  await sql`select begin_event_stretch(${stretch})`.execute(tx);
}

async function generationOf(reader: Parameters<typeof readMeta>[0]): Promise<Generation | null> {
  const text = await readMeta(reader, KEY);
  return text === undefined ? null : (JSON.parse(text) as Generation);
}

const isAt = (kept: Generation | null, here: Identity): boolean => kept !== null && FIELDS.every((name) => kept[name] === here[name]);

/** Where the database is now. A restore over it makes the table anew, which shows by its oid. */
async function whereItIs({ read }: Store): Promise<Identity> {
  const asked = sql<Identity>`(select * from database_identity())`.as('asked');
  return read.selectFrom(asked).select(FIELDS).executeTakeFirstOrThrow();
}
