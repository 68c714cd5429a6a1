import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Settings } from '#config/settings.js';
import { InboxWorker } from '#inbox/inbox.worker.js';
import { TABLES } from '#privacy/person/person-tables.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { offer } from './sdp.js';
import { World } from './world.js';

const ANA = '5215512340001';
const HUGO = '5215512340008';
/** As WhatsApp may write Ana's number, too. */
const TWIN = '525512340001';

describe.each(engines)('erasing a person on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.greet();
    world.allow(HUGO);
  });
  afterEach(() => world.close());

  const store = () => world.app.get(Store);
  const erase = (user: string, headers?: Record<string, string>) => world.delete(`/api/users/${encodeURIComponent(user)}`, headers);

  /** Every table, read whole as text. */
  const dump = async (): Promise<Record<string, string>> => {
    const { rows } = await sql<{ name: string }>`${sql.raw(
      engine === 'sqlite'
        ? "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
        : "select table_name as name from information_schema.tables where table_schema = 'public'",
    )}`.execute(raw(store()));
    const tables: Record<string, string> = {};
    for (const { name } of rows) {
      const content = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(raw(store()));
      tables[name] = content.rows
        .flatMap((row) => Object.values(row))
        .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value)))
        .join('\n');
    }
    return tables;
  };
  const tablesWith = async (...words: string[]): Promise<string[]> =>
    Object.entries(await dump()).flatMap(([name, text]) => (words.some((word) => text.includes(word)) ? [name] : []));

  /** A call that asks, rings, is answered and ends, with a key that names the person. */
  const wholeCall = async (who: string): Promise<{ id: string; call_id: string }> => {
    const made = await world.do('make-call', { to: who, reference: `crm-${who}` }, { 'idempotency-key': `call ${who}` });
    await world.pass(5);
    const dialled = await world.do('connect', { id: made.body.id, session: offer() }, { 'idempotency-key': 'connect once' });
    await world.pass(7);
    await world.do('terminate', { id: made.body.id });
    await world.pass(2);
    return { id: made.body.id, call_id: dialled.body.call_id };
  };

  it('leaves their number, name and ids in no table, and in no byte of the file', async () => {
    const call = await wholeCall(ANA);
    const words = [ANA, TWIN, call.call_id, 'ana.example', '"Ana"'];
    expect((await tablesWith(...words)).length).toBeGreaterThan(6);
    const { status, body } = await erase('+52 1 55 1234-0001');
    expect(status).toBe(200);
    expect(body.erased).toMatchObject({ people: 1, calls: 1 });
    for (const kind of ['addresses', 'windows', 'permission_facts', 'timeline_entries', 'deliveries', 'events', 'answers'])
      expect([kind, body.erased[kind] > 0]).toEqual([kind, true]);
    expect(await tablesWith(...words)).toEqual([]);
    expect(Object.values(await dump()).some((text) => /(^|\n)Ana(\n|$)/.test(text))).toBe(false);
    const { database } = world.app.get(Settings);
    if (database.kind !== 'sqlite') return;
    for (const suffix of ['', '-wal']) {
      const bytes = readFileSync(`${database.path}${suffix}`);
      for (const word of words) expect([suffix, word, bytes.includes(word)]).toEqual([suffix, word, false]);
    }
  });

  it('has an answer for every table, and no user is left where it says so', async () => {
    const call = await wholeCall(ANA);
    const tables = Object.keys(await dump()).filter((name) => !name.startsWith('kysely_'));
    expect(tables.sort()).toEqual(Object.keys(TABLES).sort());
    const named = await tablesWith(ANA, TWIN, call.call_id, '"Ana"');
    expect(named.filter((name) => TABLES[name as keyof typeof TABLES] === 'unrelated')).toEqual([]);
  });

  it('leaves the call with its times and its end, and no user in it', async () => {
    const { id } = await wholeCall(ANA);
    const before = await world.call(id);
    await erase(ANA);
    const after = await world.call(id);
    const nobody = { wa_id: null, input: null, user_id: null, parent_user_id: null, username: null, name: null };
    expect(after).toEqual({
      ...before,
      call_id: null,
      user: nobody,
      reference: null,
      permission_request: { ...before.permission_request, message_id: 'erased' },
    });
    expect((await world.get(`/api/calling/calls/${id}/timeline`)).body.data).toEqual([]);
    expect((await world.get(`/api/calling/calls?user=${ANA}`)).body.data).toEqual([]);
    const told = (await world.events()).filter(({ subject }) => subject === id);
    expect(told.map(({ data }) => data.user)).toEqual(told.map(() => nobody));
    expect(told.at(-1)).toMatchObject({ type: expect.stringMatching(/^call\.(ended|updated)$/), data: { state: 'ended' } });
  });

  it('touches no other user', async () => {
    const hugo = await wholeCall(HUGO);
    await wholeCall(ANA);
    const before = await world.get(`/api/calling/calls/${hugo.id}`);
    const deliveries = (await dump()).deliveries?.split(hugo.call_id).length;
    await erase(ANA);
    expect((await world.get(`/api/calling/calls/${hugo.id}`)).body).toEqual(before.body);
    expect((await dump()).deliveries?.split(hugo.call_id).length).toBe(deliveries);
    expect((await world.get(`/api/calling/permissions/${HUGO}`)).body.user.wa_id).toBe(HUGO);
  });

  it('is done once: again, or for an unknown user, there is nothing', async () => {
    await wholeCall(ANA);
    await erase(ANA);
    for (const user of [ANA, TWIN, '4915112345678']) {
      const { status, body } = await erase(user);
      expect([status, Object.values(body.erased).every((n) => n === 0)]).toEqual([200, true]);
    }
    expect(await erase('nobody')).toMatchObject({ status: 422, body: { code: 'invalid_request', errors: [{ field: 'user' }] } });
  });

  it('waits for a call to be over', async () => {
    const { body: waiting } = await world.do('make-call', { to: HUGO });
    expect(await erase(HUGO)).toMatchObject({ status: 409, body: { code: 'user_is_active', call: { id: waiting.id } } });
    expect((await world.call(waiting.id)).user.wa_id).toBe(HUGO);
    await world.do('terminate', { id: waiting.id });
    expect((await erase(HUGO)).status).toBe(200);
  });

  it('dials no user twice when an idempotency key is used again', async () => {
    const first = await world.do('make-call', { to: HUGO }, { 'idempotency-key': 'once' });
    await world.do('terminate', { id: first.body.id });
    await erase(HUGO);
    const again = await world.do('make-call', { to: HUGO }, { 'idempotency-key': 'once' });
    expect(again).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('ends with the person: who writes afterwards is new', async () => {
    await wholeCall(ANA);
    await erase(ANA);
    await world.greet();
    await world.app.get(InboxWorker).drain();
    const people = await store().read.selectFrom('people').select(['wa_id', 'name', 'created_at']).where('wa_id', '=', ANA).execute();
    expect(people).toMatchObject([{ name: 'Ana', created_at: expect.any(Number) }]);
    // What Meta holds is not ours to erase: her permission stands there still.
    expect((await world.do('make-call', { to: ANA })).body).toMatchObject({ state: 'ready', user: { wa_id: ANA } });
  });

  it('keeps the places of events, so that streams and subscriptions go on', async () => {
    await wholeCall(ANA);
    const before = (await world.events()).map(({ type, subject, sequence }) => [type, subject, sequence]);
    await erase(ANA);
    expect((await world.events()).map(({ type, subject, sequence }) => [type, subject, sequence])).toEqual(before);
  });

  it('changes no count: reports stay as they were', async () => {
    const figures = async () => ({
      calls: await store().read.selectFrom('calls').select(['created_at', 'direction', 'state', 'outcome', 'ended_at']).execute(),
      buckets: await store().read.selectFrom('conversation_buckets').selectAll().execute(),
    });
    await wholeCall(ANA);
    const before = await figures();
    await erase(ANA);
    expect(await figures()).toEqual(before);
  });

  it('says what it cannot reach, in the language asked for', async () => {
    await wholeCall(ANA);
    const { body } = await erase(ANA, { 'accept-language': 'es-MX' });
    expect(body.file).toBe(engine === 'sqlite' ? 'done' : 'unsupported');
    expect(body.remains.map(({ where }: { where: string }) => where)).toEqual(
      engine === 'sqlite' ? ['meta', 'backups'] : ['meta', 'backups', 'postgres'],
    );
    expect(body.remains[0].detail).toMatch(/pídales/);
  });
});
