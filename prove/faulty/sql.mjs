import { sql } from 'kysely';

/** Sets something on the one handle of SQLite. @returns the store */
export async function runPragma(store, text) {
  await sql.raw(`pragma ${text}`).execute(store.read);
  return store;
}

/** Moves the position of every subscription up to an event of the outbox. */
export async function skipTo(store, { xid, id }) {
  await store.write((tx) =>
    sql`update subscriptions set xid = ${xid}, event_id = ${id} where xid < ${xid} or (xid = ${xid} and event_id < ${id})`.execute(tx),
  );
}
