import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { ConversationObserver } from '#compliance/conversations/conversation.observer.js';
import { Settings } from '#config/settings.js';
import { InboxPurge } from '#inbox/purge/purge.service.js';
import { DAY, HOUR } from '#kernel/clock.js';
import { type PersonTable, TABLES } from '#privacy/person/person-tables.js';
import { RetentionJob } from '#privacy/retention/retention.job.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { offer } from './sdp.js';
import { World } from './world.js';

const ANA = '5215512340001';
const HUGO = '5215512340008';
const PEOPLE_TABLES = (Object.keys(TABLES) as Array<keyof typeof TABLES>).filter((table) => TABLES[table] !== 'unrelated').sort();

describe.each(engines)('everything that is kept about a person on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.greet();
    world.allow(HUGO);
  });
  afterEach(() => world.close());

  const exported = async (user = ANA) => (await world.get(`/api/users/${encodeURIComponent(user)}/export`)).body;

  /** A call that asks, rings, is answered and ends, with a key that names the person. */
  const wholeCall = async (who: string): Promise<{ id: string; call_id: string }> => {
    const made = await world.do('make-call', { to: who, reference: `crm-${who}` }, { 'idempotency-key': `call ${who}` });
    await world.pass(5);
    const dialled = await world.do('connect', { id: made.body.id, session: offer() }, { 'idempotency-key': `connect ${who}` });
    await world.pass(7);
    await world.do('terminate', { id: made.body.id });
    await world.pass(2);
    return { id: made.body.id, call_id: dialled.body.call_id };
  };
  /** A row of every table that a call alone does not fill. */
  const fillTheRest = async (callId: string): Promise<void> => {
    const [person] = await world.app.get(Store).read.selectFrom('people').selectAll().where('wa_id', '=', ANA).execute();
    const number = String(person?.phone_number_id);
    await world.app.get(Store).write(async (tx) => {
      await tx
        .insertInto('early_facts')
        .values({ phone_number_id: number, wacid: callId, at: world.clock.now(), data: JSON.stringify({ contact: { waId: ANA } }) })
        .execute();
    });
  };
  const texts = async (): Promise<Record<string, string>> => {
    const found: Record<string, string> = {};
    for (const table of Object.keys(TABLES)) {
      const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(raw(world.app.get(Store)));
      found[table] = rows
        .flatMap((row) => Object.values(row))
        .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value)))
        .join('\n');
    }
    return found;
  };
  const tablesWith = async (...words: string[]): Promise<string[]> =>
    Object.entries(await texts()).flatMap(([table, text]) => (words.some((word) => text.includes(word)) ? [table] : []));
  const runRetention = async (): Promise<void> => {
    await world.app.get(RetentionJob).purge();
    await world.app.get(InboxPurge).purge();
    await world.app.get(ConversationObserver).purge();
  };

  it('is in the export, table by table, with nobody else beside it', async () => {
    const call = await wholeCall(ANA);
    await wholeCall(HUGO);
    await fillTheRest(call.call_id);
    const { user, numbers } = await exported('+52 1 55 1234-0001');
    expect([user, numbers.length]).toEqual(['+52 1 55 1234-0001', 1]);
    const [{ phone_number_id: _, ...tables }] = numbers;
    expect(Object.keys(tables).sort()).toEqual(PEOPLE_TABLES);
    const holding = (await tablesWith(ANA, call.call_id)).filter((table) => TABLES[table as PersonTable] !== undefined).sort();
    expect(holding.filter((table) => tables[table].length === 0)).toEqual([]);
    expect(holding.length).toBeGreaterThan(7);
    expect(JSON.stringify(tables)).not.toContain(HUGO);
    expect(tables.people[0]).toMatchObject({ wa_id: ANA, created_at: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(tables.calls[0]).toMatchObject({ id: call.id, knowledge: { facts: expect.any(Object) } });
  });

  it('of a delivery about several people is only what is about this one', async () => {
    const ana = await wholeCall(ANA);
    const hugo = await wholeCall(HUGO);
    const bodies = await world.app.get(Store).read.selectFrom('deliveries').select('body').orderBy('id').execute();
    const values = bodies.map(({ body }) => JSON.parse(Buffer.from(body).toString()));
    const both = { ...values[0], entry: values.flatMap(({ entry }) => entry) };
    await world.app.get(Store).write((tx) =>
      tx
        .updateTable('deliveries')
        .set({ body: Buffer.from(JSON.stringify(both)) })
        .where('state', '=', 'done')
        .execute(),
    );
    const [{ deliveries }] = (await exported()).numbers;
    expect(JSON.stringify(deliveries)).toContain(ana.call_id);
    for (const word of [HUGO, hugo.call_id]) expect(JSON.stringify(deliveries)).not.toContain(word);
  });

  it('of an unknown person is nothing, and a text that names nobody is refused', async () => {
    expect((await exported('4915112345678')).numbers).toEqual([]);
    expect(await world.get('/api/users/nobody/export')).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
  });

  it('leaves a line in the audit log, which names no person', async () => {
    await wholeCall(ANA);
    await exported();
    const { body } = await world.get('/api/audit');
    expect(body.data[0]).toMatchObject({ action: 'GET /api/users/:user/export (export)', target: null });
  });

  it('is for keys with data:export alone', async () => {
    const made = await world.post('/api/keys', { name: 'reader', scopes: ['calls:read', 'data:erase'] });
    const refused = await world.get(`/api/users/${ANA}/export`, { authorization: `Bearer ${made.body.key}` });
    expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
  });

  it('is gone once its retention is over, from every table and from the file', async () => {
    const call = await wholeCall(ANA);
    world.allow(ANA, null);
    await world.pass(5);
    await fillTheRest(call.call_id);
    world.clock.time += 399 * DAY;
    await runRetention();
    expect(await tablesWith(ANA)).toEqual(expect.arrayContaining(['people', 'addresses']));
    // The permission stood for 7 days.
    world.clock.time += 9 * DAY;
    await runRetention();
    expect(await tablesWith(ANA, call.call_id, '"Ana"')).toEqual([]);
    const { database } = world.app.get(Settings);
    if (database.kind !== 'sqlite') return;
    for (const suffix of ['', '-wal']) {
      const bytes = readFileSync(`${database.path}${suffix}`);
      for (const word of [ANA, call.call_id]) expect([suffix, word, bytes.includes(word)]).toEqual([suffix, word, false]);
    }
  });

  it.each(['a permission that stands', 'a message since', 'a call since'])('stays with %s', async (what) => {
    await wholeCall(ANA);
    const store = world.app.get(Store);
    world.clock.time += 300 * DAY;
    const [person] = await store.read.selectFrom('people').selectAll().where('wa_id', '=', ANA).execute();
    const [personId, number] = [String(person?.id), String(person?.phone_number_id)];
    await store.write(async (tx) => {
      await tx.deleteFrom('permission_readings').where('person_id', '=', personId).execute();
      if (what === 'a permission that stands') {
        const data = JSON.stringify({ status: 'permanent', expiresAt: null, ask: null, call: null });
        await tx.insertInto('permission_readings').values({ phone_number_id: number, person_id: personId, observed_at: 1, data }).execute();
      } else if (what === 'a message since') {
        await tx.updateTable('windows').set({ last_inbound_at: world.clock.now() }).where('person_id', '=', personId).execute();
      } else {
        const fact = { phone_number_id: number, person_id: personId, kind: 'unanswered', at: world.clock.now(), ref: 'wacid.x' };
        await tx
          .insertInto('permission_facts')
          .values({ ...fact, data: '{}' })
          .execute();
      }
    });
    world.clock.time += 150 * DAY;
    await runRetention();
    expect(await tablesWith(ANA)).toContain('people');
    if (what === 'a permission that stands') return;
    world.clock.time += 260 * DAY + HOUR;
    await runRetention();
    expect(await tablesWith(ANA)).toEqual([]);
  });
});
