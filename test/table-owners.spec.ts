import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ownersOf, touchesOf } from './table-owners.js';

const root = resolve(import.meta.dirname, '..');
const { layers } = createRequire(import.meta.url)(join(root, 'modules.json')) as { layers: Array<{ modules: string[] }> };
const MODULES = layers.flatMap(({ modules }) => modules);
const schema = readFileSync(join(root, 'src/store/schema.ts'), 'utf8');
const owners = ownersOf(schema);
const tables = [...owners.keys()];

/** Modules that touch tables of others, each with the reason. */
const WRITERS: Record<string, string> = {
  'src/privacy/erasure/': 'erases a person from every table, in one transaction',
  'src/privacy/export/': 'reads what every table keeps about a person',
  'src/privacy/person/': 'finds by what a person is recognised',
  'src/store/': 'migrates, moves and backs up the whole database',
};
/** Queries that read a table of another module, since one statement must see both. */
const READERS: Record<string, string[]> = {
  // A number's scope stands before the addresses of its people.
  'src/identity/people.store.ts': ['numbers'],
  // A session is found only while its key is there.
  'src/access/sessions/sessions.store.ts': ['api_keys'],
  // The calls of a period are counted where they lie; `compliance` stands below `calling`.
  'src/compliance/eligibility/gates/recent-calls.store.ts': ['calls'],
  'src/compliance/reports/call-metrics.store.ts': ['calls'],
  // Deliveries are forwarded in the order in which they were kept, and kept until they are forwarded.
  'src/delivery/forwarding/forwards.store.ts': ['deliveries'],
  'src/inbox/purge/purge.store.ts': ['forwards', 'refused_forwards'],
  // What is set aside is shown with its receipt, and posted once more as it was kept.
  'src/delivery/forwarding/refused-forwards.store.ts': ['deliveries'],
  // A subscription is written only while its key is there.
  'src/delivery/subscriptions/subscriptions.store.ts': ['api_keys'],
  // A report delivery is written, shown and sent only while its key is there.
  'src/compliance/report-deliveries/report-deliveries.store.ts': ['api_keys'],
  // What is replayed, and what was lost, is chosen among the events themselves.
  'src/delivery/subscriptions/event-deliveries.store.ts': ['events'],
};

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/\.(spec|fixture)\.ts$/.test(file))
  .map((file) => `src/${file}`);

/** What a file does to tables that are not its module's, exceptions left out. */
function trespasses(path: string, text: string): string[] {
  if (Object.keys(WRITERS).some((folder) => path.startsWith(folder))) return [];
  const foreign = touchesOf(text, tables).filter(({ table }) => {
    const owner = `src/${owners.get(table)}/`;
    return !(path.startsWith(owner) && path.endsWith('.store.ts'));
  });
  return foreign
    .filter(({ table, how }) => !(how === 'reads' && READERS[path]?.includes(table)))
    .map(({ table, how }) => `${path} ${how} ${table}`);
}

describe('each table', () => {
  it('names a module that exists as its owner', () => {
    const named = [...schema.matchAll(/^ {2}(\w+): /gm)].map(([, table]) => table);
    expect(named.length).toBeGreaterThan(20);
    expect(tables.sort()).toEqual(named.sort());
    expect([...owners].filter(([, owner]) => !MODULES.includes(owner))).toEqual([]);
  });

  it('is touched by a store of its owner', () => {
    const touched = new Set(
      files.flatMap((path) => touchesOf(readFileSync(join(root, path), 'utf8'), tables).map(({ table }) => `${path} ${table}`)),
    );
    const idle = tables.filter(
      (table) => ![...touched].some((one) => one.startsWith(`src/${owners.get(table)}/`) && one.endsWith(` ${table}`)),
    );
    expect(idle).toEqual([]);
  });

  it('is touched by nothing else, exceptions with their reasons left out', () =>
    expect(files.flatMap((path) => trespasses(path, readFileSync(join(root, path), 'utf8')))).toEqual([]));

  it('has no exception that nothing needs', () => {
    const needless = Object.entries(READERS).flatMap(([path, list]) => {
      const found = touchesOf(readFileSync(join(root, path), 'utf8'), tables).map(({ table }) => table);
      return list.filter((table) => !found.includes(table)).map((table) => `${path}: ${table}`);
    });
    expect(needless).toEqual([]);
  });
});

describe('the check', () => {
  const store = 'src/delivery/forwarding/planted.store.ts';
  it.each([
    [store, "tx.updateTable('calls').set({ live: 0 })", 'writes calls'],
    [store, "db.selectFrom(['forwards', 'people as p'])", 'reads people'],
    [store, "db.selectFrom('forwards').leftJoin('events', 'a', 'b')", 'reads events'],
    [store, 'sql`delete from audit where at < 1`', 'reads audit'],
    [store, 'sql<{ n: number }>`insert into seen (key) values (1)`', 'writes seen'],
    ['src/calling/call/planted.service.ts', "tx.selectFrom('calls')", 'reads calls'],
    ['src/compliance/reports/call-metrics.store.ts', "tx.deleteFrom('calls')", 'writes calls'],
  ])('sees in %s: %s', (path, text, found) => expect(trespasses(path, text)).toEqual([`${path} ${found}`]));
});
