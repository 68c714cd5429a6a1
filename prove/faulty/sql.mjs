import { sql } from 'kysely';

/** Sets something on the one handle of SQLite. @returns the store */
export async function runPragma(store, text) {
  await sql.raw(`pragma ${text}`).execute(store.read);
  return store;
}

/** Moves the cursor of every subscription up to an event of the outbox. */
export async function skipTo(store, { xid, id }) {
  await store.write((tx) =>
    sql`update subscriptions set xid = ${xid}, event_id = ${id} where xid < ${xid} or (xid = ${xid} and event_id < ${id})`.execute(tx),
  );
}

/** Every transaction of Postgres sets aside the timeouts that the gateway, the role or the database gives it. @returns the store */
export function withoutTimeouts(store) {
  const write = store.write.bind(store);
  const writeBatchNow = store.writeBatchNow.bind(store);
  const timeouts = ['idle_in_transaction_session_timeout', 'statement_timeout', 'lock_timeout'];
  const without = (work) => async (tx) => {
    await sql.raw(timeouts.map((name) => `set local ${name} = 0`).join('; ')).execute(tx);
    return work(tx);
  };
  return Object.assign(store, {
    write: (work, locks) => write(without(work), locks),
    writeBatchNow: (work, locks) => writeBatchNow(without(work), locks),
  });
}
