import { Secret } from '../../dist/kernel/secret.js';
import { openStore } from '../../dist/store/open-store.js';
import { onPostgres } from '../database.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { machineLoad } from '../statistics.mjs';
import { OrderReader, OrderWriter } from './writers-and-readers.mjs';

const WRITERS = 10;
const READERS = 2;
const SUBJECTS = 30;
const ROUND_EVENTS = 4_000;
/** A twin that is not found out by then passes for right, which is red. */
const MOST_ROUNDS = 12;

/** What each part of the floor lock is for: without it events are passed over. @type {Record<string, string>} */
const TWINS = {
  'no trigger': 'drop trigger events_floor on events',
  'the lock after the insert':
    'drop trigger events_floor on events; create trigger events_floor after insert on events for each statement execute function hold_events_floor()',
  'the rows in the statement that reads the locks': `create or replace function events_after(after_xid bigint, after_id bigint, most bigint)
    returns setof events language sql volatile as 'select * from events where (xid, id) > (after_xid, after_id)
    and (xid, id) <= (event_stretch(), (select events_bound())) order by xid, id limit most'`,
  'a sequence with a cache': 'alter sequence events_id_seq cache 50',
};

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'event-order',
    says: 'whoever reads events on Postgres misses none, gets none twice and keeps the order of each subject, however writers overlap',
    run: ({ random, quick }) =>
      onPostgres(async (database) => {
        const found = await follow({ database, random, rounds: quick ? 4 : 25, untilRed: false });
        return { passed: found.gaps + found.twice + found.outOfOrder === 0, summary: `${summaryOf(found)}; ${machineLoad()}` };
      }),
  },
  {
    name: 'event-order-sabotage',
    says: 'the proof goes red without each of the parts that it rests on',
    run: async ({ random }) => {
      const results = [];
      for (const [name, sql] of Object.entries(TWINS)) results.push(await twin(name, sql, random));
      if (results.some(({ passed }) => passed === null)) return results.find(({ passed }) => passed === null);
      return { passed: results.every(({ passed }) => passed), summary: results.map(({ summary }) => summary).join('; ') };
    },
  },
];

const twin = (name, sql, random) =>
  onPostgres(async (database) => {
    const found = await follow({ database, random, rounds: MOST_ROUNDS, untilRed: true, sql });
    const red = found.gaps > 0;
    return { passed: red, summary: `${name}: ${colourOf(red)}, ${summaryOf(found)}` };
  });

const summaryOf = ({ events, perSecond, gaps, twice, outOfOrder, resumed }) =>
  `${events} events, ${perSecond.toFixed(0)}/s, ${gaps} gaps, ${twice} twice, ${outOfOrder} out of order, readers resumed ${resumed} times`;

/** Writers and readers straight on the table, in rounds, and what the readers got of what was committed. */
async function follow({ database, random, rounds, untilRed, sql }) {
  const store = await openStore({ database: { kind: 'postgres', url: new Secret(database.url) }, mode: 'simulator' });
  await store.close();
  if (sql) await database.pool.query(sql);
  const sequences = new Map(Array.from({ length: SUBJECTS }, (_, i) => [`subject_${i}`, 0]));
  const writers = Array.from({ length: WRITERS }, (_, i) => new OrderWriter({ url: database.url, random, sequences, isBrutal: i === 0 }));
  const readers = Array.from({ length: READERS }, () => new OrderReader({ url: database.url, random }));
  const began = Date.now();
  const committed = [];
  let found;
  for (let round = 0; round < rounds && !(untilRed && found?.gaps > 0); round += 1) {
    for (const ids of await Promise.all(writers.map((writer) => writer.write(ROUND_EVENTS / WRITERS)))) committed.push(...ids);
    await Promise.all(readers.map((reader) => reader.catchUp()));
    found = judge(committed, readers);
  }
  const events = committed.length;
  const perSecond = events / ((Date.now() - began) / 1_000);
  await Promise.all([...writers, ...readers].map((one) => one.stop()));
  return { ...found, events, perSecond, resumed: readers.reduce((sum, { resumed }) => sum + resumed, 0) };
}

function judge(committed, readers) {
  const sum = { gaps: 0, twice: 0, outOfOrder: 0 };
  for (const { heard } of readers) {
    const ids = new Set(heard.map(({ id }) => id));
    sum.gaps += committed.filter((id) => !ids.has(id)).length;
    sum.twice += heard.length - ids.size;
    const last = new Map();
    for (const { subject, sequence } of heard) {
      if (sequence <= (last.get(subject) ?? 0)) sum.outOfOrder += 1;
      last.set(subject, sequence);
    }
  }
  return sum;
}
