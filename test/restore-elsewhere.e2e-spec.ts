import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { OutboxService } from '#events/outbox.service.js';
import { Store } from '#store/store.js';
import { othersDone } from '#store/temporary-store.fixture.js';
import { offer } from './sdp.js';
import { World } from './world.js';

const RUNBOOK = readFileSync(resolve(import.meta.dirname, '../docs/operations/runbook.md'), 'utf8');
const STATEMENTS = /```sql\n(begin;[\s\S]*?commit;)\n```/.exec(RUNBOOK)?.[1] ?? '';
const QUESTION = /-c '(select max\(xid\)[^']*)'/.exec(RUNBOOK)?.[1] ?? '';
const AHEAD = 1_000_000_000;
const TABLES = ['events', 'dispatches', 'subscriptions', 'deliveries', 'forwards'];

(process.env.TEST_POSTGRES_URL ? describe : describe.skip)('a dump that is restored on a server with younger transaction ids', () => {
  it('lets events stand still until the statements of the runbook are run', async () => {
    const world = await World.open({ engine: 'postgres' });
    await world.greet();
    for (const user of ['5215512340001', '5215512340008']) world.allow(user);
    await world.post('/api/subscriptions', { url: 'https://hooks.example.com/', types: ['call.ended'] });
    await world.do('make-call', { to: '5215512340001', session: offer() });
    if (world.database.kind !== 'postgres') throw new Error('not on Postgres');
    const owner = new pg.Client({ connectionString: world.database.url.reveal() });
    await owner.connect();
    const whileStopped = async (sql: string) => {
      await world.stop();
      await owner.query(sql);
      await world.start();
    };
    const standsStill = async () => (await owner.query(QUESTION)).rows[0].stands_still;
    const cursor = async () => {
      const { rows } = await owner.query('select max(xid)::float8 as xid, (select max(id)::float8 from events) as id from events');
      return { xid: Number(rows[0].xid), id: Number(rows[0].id) };
    };
    const newOnes = async (after: { xid: number; id: number }) => {
      await othersDone(world.app.get(Store));
      return (await world.app.get(OutboxService).after(after, 100)).length;
    };
    await othersDone(world.app.get(Store));
    expect(await standsStill()).toBe(false);

    await whileStopped(TABLES.map((table) => `update ${table} set xid = xid + ${AHEAD}`).join(';'));
    expect(await standsStill()).toBe(true);
    const [before] = [await cursor()];
    await world.pass(60);
    expect(await newOnes(before)).toBe(0);

    await whileStopped(STATEMENTS);
    await othersDone(world.app.get(Store));
    expect(await standsStill()).toBe(false);
    const after = await cursor();
    await world.do('make-call', { to: '5215512340008', session: offer() });
    expect(await newOnes(after)).toBeGreaterThan(0);
    await owner.end();
    await world.close();
  });
});
