import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { Gateway } from '../prove/gateway.mjs';
import { percentile } from '../prove/statistics.mjs';
import { onBothEngines } from './on-both-engines.mjs';

const PEOPLE = 100_000;
const CALLS_EACH = 2;
const READS = 3_000;
/** Before them, not counted: the process has just started and written the words of all people. */
const WARM_UP = 450;
const BAR_MS = 50;
const AT_ONCE = 1_000;
const SYLLABLES = [
  'ma',
  'ri',
  'an',
  'jo',
  'se',
  'lu',
  'pe',
  'dro',
  'car',
  'los',
  'fer',
  'nan',
  'gar',
  'cia',
  'lo',
  'pez',
  'mar',
  'ti',
  'ro',
  'sa',
];

/** @type {import('./main.mjs').Bench[]} */
export const benches = [
  {
    name: 'people',
    says: `people by name among ${PEOPLE.toLocaleString('en')}: every kind of search and the page after it, on both engines`,
    run: (context) => onBothEngines(context, measure),
  },
];

async function measure({ folder, upstream, database, engine }) {
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url });
  await gateway.start();
  const number = await firstNumber(gateway);
  await gateway.kill();
  await fill(database, number);
  await gateway.start();
  // People of an older release have no words: the gateway makes them beside the traffic.
  const began = Date.now();
  while (!(await search(gateway, 'maria')).body.complete) await pause(200);
  const filled = (Date.now() - began) / 1_000;
  const searches = searchesOf();
  const kinds = Object.entries(searches);
  const times = new Map(Object.keys(searches).map((kind) => [kind, []]));
  let found = 0;
  for (let i = -WARM_UP; i < READS; i += 1) {
    const turn = i + WARM_UP;
    const [kind, texts] = kinds[turn % kinds.length];
    const took = i < 0 ? [] : times.get(kind);
    found += await timed(gateway, texts[Math.floor(turn / kinds.length) % texts.length], took);
  }
  await gateway.kill();
  if (found === 0) throw new Error('nobody was found');
  const all = [...times.values()].flat();
  return [
    { figure: `${engine}: words made for all people in`, value: filled, unit: 's' },
    { figure: `${engine}: search, p50`, value: percentile(all, 0.5), unit: 'ms' },
    { figure: `${engine}: search, p99`, value: percentile(all, 0.99), unit: 'ms', atMost: BAR_MS },
    ...[...times].map(([kind, took]) => ({ figure: `${engine}: ${kind}, p99`, value: percentile(took, 0.99), unit: 'ms', atMost: BAR_MS })),
  ];
}

/** A search and the page after it. @returns how many people were found */
async function timed(gateway, text, took) {
  let cursor = null;
  let found = 0;
  for (let page = 0; page < 2; page += 1) {
    const began = performance.now();
    const { status, body } = await search(gateway, text, cursor);
    took.push(performance.now() - began);
    if (status !== 200) throw new Error(`the search for ${text}: ${status} ${JSON.stringify(body)}`);
    found += body.data.length;
    cursor = body.next_cursor;
    if (cursor === null) break;
  }
  return found;
}

const search = (gateway, text, cursor = null) =>
  gateway.api('GET', `/api/users?${new URLSearchParams({ search: text, limit: '50', ...(cursor && { cursor }) })}`);

async function firstNumber(gateway) {
  for (let i = 0; i < 100; i += 1) {
    const { body } = await gateway.api('GET', '/api/numbers');
    if (body.data?.[0]) return body.data[0].phone_number_id;
    await pause(100);
  }
  throw new Error('the gateway has not learned its number');
}

/** Names as people have them: few are frequent, many are rare; a tenth are "Customer N", as imports write them. */
function nameOf(n) {
  if (n % 10 === 0) return `Customer ${n}`;
  const part = (seed, count) =>
    SYLLABLES[Math.floor(SYLLABLES.length * draw(seed) ** 2)] + SYLLABLES[Math.floor(count * draw(seed + 0.5) ** 2)];
  const title = (text) => text[0].toUpperCase() + text.slice(1);
  const given = n % 12 === 1 ? 'María' : title(part(n, 6));
  return `${given} ${title(part(n + 0.1, 20))}${n % 3 === 0 ? ` ${title(part(n + 0.2, 20))}` : ''}`;
}

/** A number from 0 to 1 that follows from the seed. */
const draw = (seed) => {
  const mixed = Math.sin(seed * 12_989.8) * 43_758.5453;
  return mixed - Math.floor(mixed);
};

const phoneOf = (n) => `52155${String(10_000_000 + n * 37).padStart(8, '0')}`;
/** A reference for each hundred people. */
const referenceOf = (n) => `crm-${Math.floor(n / 100)}`;
const idOf = (n) => `usr_${String(n).padStart(26, '0')}`;

/** Each kind of search with texts of it. */
function searchesOf() {
  const some = Array.from({ length: 50 }, (_, i) => i * 1_987 + 3);
  const words = (n) => nameOf(n).toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').split(' ');
  return {
    'one word': some.map((n) => words(n)[0]),
    'two words': some.map((n) => words(n).slice(0, 2).reverse().join(' ')),
    'frequent words': ['maria ma', 'customer 99', 'customer 5 customer', 'maria maria m', 'ma ma ma', 'lo ma', 'zzz maria'],
    'one letter': ['m', 'j', 'l', 'c', 'a m', 'm l', 's c'],
    'beginning of a number': some.map((n) => `+${phoneOf(n).slice(0, 4 + (n % 8))}`),
    'last digits': some.map((n) => phoneOf(n).slice(-(1 + (n % 7)))),
    'whole number': some.map((n) => phoneOf(n)),
    'reference of a call': some.map((n) => referenceOf(n)),
    nobody: ['xavier quux', '0000000', 'zz'],
  };
}

async function fill(database, number) {
  const now = Date.now();
  const people = ['id', 'phone_number_id', 'wa_id', 'name', 'created_at'];
  const addresses = ['address', 'person_id', 'since'];
  const calls = [
    'id',
    'phone_number_id',
    'person_id',
    'direction',
    'state',
    'outcome',
    'live',
    'reference',
    'knowledge',
    'sequence',
    'created_at',
    'ended_at',
  ];
  const knowledge = JSON.stringify({ facts: {}, giveUpAfterMs: null, hold: {} });
  for (let from = 0; from < PEOPLE; from += AT_ONCE) {
    const all = Array.from({ length: AT_ONCE }, (_, i) => from + i);
    await insert(
      database,
      'people',
      people,
      all.map((n) => [idOf(n), number, phoneOf(n), nameOf(n), now - n]),
    );
    await insert(
      database,
      'addresses',
      addresses,
      all.map((n) => [`phone:52${phoneOf(n).slice(3)}`, idOf(n), now - n]),
    );
    const rows = all.flatMap((n) =>
      Array.from({ length: CALLS_EACH }, (_, k) => {
        const at = now - (n * CALLS_EACH + k) * 1_000;
        return [
          `call_${String(n * CALLS_EACH + k).padStart(26, '0')}`,
          number,
          idOf(n),
          'inbound',
          'ended',
          'missed',
          0,
          referenceOf(n),
          knowledge,
          1,
          at,
          at,
        ];
      }),
    );
    await insert(database, 'calls', calls, rows);
  }
  await run(database, 'analyze');
}

async function insert(database, table, columns, rows) {
  const marks = (row, r) => `(${row.map((_, c) => (database.pool ? `$${r * row.length + c + 1}` : '?')).join(', ')})`;
  for (let from = 0; from < rows.length; from += 500) {
    const piece = rows.slice(from, from + 500);
    await run(database, `insert into ${table} (${columns.join(', ')}) values ${piece.map(marks).join(', ')}`, piece.flat());
  }
}

async function run(database, sql, values = []) {
  if (database.pool) return void (await database.pool.query(sql, values));
  const file = new Sqlite(database.path, { timeout: 5_000 });
  try {
    file.pragma('synchronous = OFF');
    if (values.length > 0) file.prepare(sql).run(values);
    else file.exec(sql);
  } finally {
    file.close();
  }
}
