import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { ErasureService } from '#privacy/erasure/erasure.service.js';
import { TABLES } from '#privacy/person/person-tables.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { offer } from './sdp.js';
import {
  addSecond,
  asOfSecond,
  copyToSecond,
  FIRST,
  FIRST_DISPLAY,
  type Rows,
  rowsOf,
  SECOND,
  SECOND_DISPLAY,
  without,
} from './second-number.js';
import { type Body, World } from './world.js';

const [ANA, TWIN, HUGO] = ['5215512340001', '525512340001', '5215512340008'];

describe.each(engines)('the same user with two numbers on %s', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await addSecond(world);
  });
  afterEach(() => world.close());

  const db = () => raw(world.app.get(Store));
  const at = (): string => String(Math.floor(world.clock.now() / 1000));
  const change = (number: string, field: string, value: object) => {
    const display = number === FIRST ? FIRST_DISPLAY : SECOND_DISPLAY;
    const metadata = { display_phone_number: display, phone_number_id: number };
    return { field, value: { messaging_product: 'whatsapp', metadata, ...value } };
  };
  const deliveryOf = (...changes: object[]) => ({ object: 'whatsapp_business_account', entry: [{ id: '200000000000001', changes }] });
  const says = (number: string, id: string) =>
    change(number, 'messages', {
      contacts: [{ wa_id: ANA, profile: { name: 'Ana' } }],
      messages: [{ from: ANA, id, timestamp: at(), type: 'text', text: { body: 'Hola' } }],
    });
  const keep = async (state: 'new' | 'done', ...bodies: unknown[]): Promise<number[]> => {
    const rows = bodies.map((body) => ({
      ...{ received_at: world.clock.now(), state, attempts: 0 },
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    }));
    const kept = await db().insertInto('deliveries').values(rows).returning('id').execute();
    return kept.map(({ id }) => Number(id));
  };
  const bodyOf = async (id: number): Promise<string | undefined> => {
    const row = await db().selectFrom('deliveries').select('body').where('id', '=', id).executeTakeFirst();
    return row && Buffer.from(row.body).toString('utf8');
  };
  /** A key that reaches the first number alone. */
  const ofFirstAlone = async () => {
    await world.app.get(NumbersService).refresh();
    const { body } = await world.post('/api/keys', { name: 'first', scopes: ['data:erase'], numbers: [FIRST] });
    return { authorization: `Bearer ${body.key}` };
  };
  const eraseAt = (number: string) => world.app.get(ErasureService).erase(number, ANA);

  /** Rows in every table that knows users: calls in both directions, a request, a template, an early fact and kept answers. */
  const live = async (): Promise<void> => {
    await world.greet();
    world.allow(HUGO);
    const made = await world.do('make-call', { to: ANA, reference: `crm-${ANA}` }, { 'idempotency-key': `call ${ANA}` });
    await world.pass(5);
    await world.do('connect', { id: made.body.id, session: offer() }, { 'idempotency-key': 'connect once' });
    await world.pass(7);
    await world.do('terminate', { id: made.body.id });
    await world.pass(2);
    await world.do('make-call', { to: HUGO, session: offer() });
    const template = { id: 'wamid.TEMPLATE', status: 'delivered', timestamp: at(), recipient_id: ANA };
    const pricing = { category: 'marketing', billable: true, pricing_model: 'PMP', type: 'regular' };
    await world.deliver(deliveryOf(change(FIRST, 'messages', { statuses: [{ ...template, pricing }] })));
    const early = { facts: [], contact: { waId: ANA }, at: 0, cause: null };
    await db()
      .insertInto('early_facts')
      .values({ phone_number_id: FIRST, wacid: 'wacid.EARLY', at: world.clock.now(), data: JSON.stringify(early) })
      .execute();
    // One answer names its number alone, the other its call alone.
    const kept = { api_key_id: 'key_of_both', fingerprint: 'x', holder: '', running_until: 0, created_at: world.clock.now() };
    const [asked, refused] = [
      { phone_number_id: FIRST, wa_id: ANA },
      { code: 'upstream_refused', detail: `to ${ANA}` },
    ];
    await db()
      .insertInto('idempotency')
      .values([
        { ...kept, key: 'asked', call_id: null, status: 202, body: JSON.stringify(asked) },
        { ...kept, key: 'refused', call_id: made.body.id, status: 502, body: JSON.stringify(refused) },
      ])
      .execute();
    await world.settle();
  };
  const expectKept = async (rows: Rows): Promise<void> => {
    const now = await rowsOf(world);
    for (const [table, texts] of Object.entries(rows)) {
      const found = new Set(now[table as keyof Rows]);
      expect([table, texts.filter((text) => !found.has(text))]).toEqual([table, []]);
    }
  };

  it('an erasure at one leaves every row of the other byte for byte, and none of its own', async () => {
    await live();
    const ofSecond = await copyToSecond(world);
    // The copy stands in every table that an erasure changes.
    const touched = Object.keys(TABLES).filter((table) => TABLES[table as keyof Rows] !== 'unrelated') as (keyof Rows)[];
    for (const table of touched) expect([table, ofSecond[table].length > 0]).toEqual([table, true]);
    const { status, body } = await world.delete(`/api/users/${ANA}`, await ofFirstAlone());
    expect([status, body.erased.people, body.phone_number_ids]).toEqual([200, 1, [FIRST]]);
    await expectKept(ofSecond);
    const words = new RegExp(`${ANA}|${TWIN}|"Ana"|Hola`);
    for (const [table, texts] of Object.entries(without(await rowsOf(world), ofSecond)))
      expect([table, texts.filter((text) => words.test(text))]).toEqual([table, []]);
  });

  it('an erasure leaves what another number has been sent without the name of a number', async () => {
    await world.greet();
    const unnamed = (text: string) =>
      Buffer.from(JSON.stringify({ object: 'x', entry: [{ id: '0', changes: [{ field: 'notes', value: { text } }] }] }));
    const bodies = [unnamed(`to ${ANA}`), Buffer.from(`not JSON: ${ANA}`)];
    const row = { received_at: 0, state: 'done' as const, attempts: 0, summary: null };
    for (const phone_number_id of [FIRST, SECOND])
      await db()
        .insertInto('deliveries')
        .values(bodies.map((body) => ({ ...row, phone_number_id, body })))
        .execute();
    await world.allow(ANA);
    await world.delete(`/api/users/${ANA}`, await ofFirstAlone());
    const kept = await db()
      .selectFrom('deliveries')
      .select(['phone_number_id', 'body'])
      .where('received_at', '=', 0)
      .orderBy('id')
      .execute();
    const naming = kept.filter(({ body }) => Buffer.from(body).toString().includes(ANA));
    expect(naming.map(({ phone_number_id, body }) => [phone_number_id, Buffer.from(body).toString()])).toEqual(
      bodies.map((body) => [SECOND, body.toString()]),
    );
  });

  it('an erasure at the other leaves every row of the first, and counts what it has erased there', async () => {
    await live();
    const ofFirst = await rowsOf(world);
    const ofSecond = await copyToSecond(world);
    const { erased } = await eraseAt(SECOND);
    await expectKept(ofFirst);
    const left = without(await rowsOf(world), ofFirst);
    for (const table of ['people', 'addresses', 'windows', 'permission_facts'] as const)
      expect([table, left[table].filter((text) => /usr_Z/.test(text)).length]).toEqual([table, ofSecond[table].length - erased[table]]);
    const words = new RegExp(`${ANA}|${TWIN}|"Ana"`);
    for (const [table, texts] of Object.entries(left)) expect([table, texts.filter((text) => words.test(text))]).toEqual([table, []]);
    // The first is then erased with the same counts.
    expect((await eraseAt(FIRST)).erased).toEqual(erased);
  });

  it('an erasure by a key of all numbers erases at both, and not while a call of one lives', async () => {
    await live();
    await copyToSecond(world);
    await db().updateTable('calls').set({ live: 1 }).where('phone_number_id', '=', SECOND).execute();
    expect(await world.delete(`/api/users/${ANA}`)).toMatchObject({ status: 409, body: { code: 'user_is_active' } });
    expect(JSON.stringify(await rowsOf(world))).toContain(ANA);
    await db().updateTable('calls').set({ live: 0 }).where('phone_number_id', '=', SECOND).execute();
    const { body } = await world.delete(`/api/users/${ANA}`);
    expect([body.erased.people, [...body.phone_number_ids].sort()]).toEqual([2, [FIRST, SECOND]]);
    expect(JSON.stringify(await rowsOf(world))).not.toMatch(new RegExp(`${ANA}|${TWIN}`));
  });

  it('a body about both loses the part of the one that erases', async () => {
    await world.deliver(deliveryOf(says(FIRST, 'wamid.HELLO')));
    const [both, odd, unread] = await keep(
      'done',
      deliveryOf(says(FIRST, 'wamid.ONE'), says(SECOND, 'wamid.TWO')),
      // What names the user beside the changes goes, and takes nothing of the other number along.
      { ...deliveryOf(says(SECOND, 'wamid.ODD')), about: ANA },
      `{"of":"${SECOND}","about":"${ANA}",`,
    );
    const unreadable = await bodyOf(unread as number);
    await eraseAt(FIRST);
    const expected = deliveryOf(
      { ...says(FIRST, ''), value: { ...says(FIRST, '').value, contacts: [], messages: [] } },
      says(SECOND, 'wamid.TWO'),
    );
    expect(JSON.parse((await bodyOf(both as number)) ?? '')).toEqual(expected);
    expect(JSON.parse((await bodyOf(odd as number)) ?? '')).toEqual(deliveryOf(says(SECOND, 'wamid.ODD')));
    expect(await bodyOf(unread as number)).toBe(unreadable);
    await eraseAt(SECOND);
    expect(await bodyOf(both as number)).not.toContain(ANA);
    expect(await bodyOf(odd as number)).not.toContain(ANA);
    expect(await bodyOf(unread as number)).toBeUndefined();
  });

  it('two erasures at once take both parts out of what is about both', async () => {
    await world.deliver(deliveryOf(says(FIRST, 'wamid.HELLO')));
    await copyToSecond(world);
    const bodies = Array.from({ length: 40 }, (_, i) => deliveryOf(says(FIRST, `wamid.A${i}`), says(SECOND, `wamid.B${i}`)));
    const ids = await keep('done', ...bodies);
    await Promise.all([eraseAt(FIRST), eraseAt(SECOND)]);
    for (const id of ids) expect(await bodyOf(id)).not.toContain(ANA);
  });

  it('what waits or lives at the other number does not hold an erasure up', async () => {
    await live();
    await copyToSecond(world);
    await keep('new', deliveryOf(says(SECOND, 'wamid.WAITS')));
    await db().updateTable('calls').set({ live: 1 }).where('phone_number_id', '=', SECOND).execute();
    const headers = await ofFirstAlone();
    expect((await world.delete(`/api/users/${ANA}`, headers)).status).toBe(200);
    await keep('new', deliveryOf(says(FIRST, 'wamid.WAITS')));
    expect(await world.delete(`/api/users/${ANA}`, headers)).toMatchObject({ status: 409, body: { code: 'user_is_active' } });
  });

  it('whom only the other knows is answered for as nobody', async () => {
    await live();
    const answers = async (user: string): Promise<Body[]> =>
      Promise.all(
        [
          `/api/calling/calls?user=${user}`,
          `/api/calling/calls?user=${user}&phone_number_id=${FIRST}`,
          `/api/calling/permissions/${user}`,
        ].map(async (path) => {
          const { status, body } = await world.get(path);
          return JSON.parse(JSON.stringify({ status, body }).replaceAll(user, 'the user'));
        }),
      );
    const stranger = '4915112345678';
    await copyToSecond(world);
    await eraseAt(FIRST);
    expect(await world.app.get(Store).read.selectFrom('people').select('phone_number_id').where('wa_id', '=', ANA).execute()).toEqual([
      { phone_number_id: SECOND },
    ]);
    const [byUser, byBoth] = await answers(ANA);
    expect([byUser, byBoth]).toEqual((await answers(stranger)).slice(0, 2));
    expect((await world.get(`/api/calling/permissions/${ANA}`)).body).toMatchObject({
      user: { name: null },
      history: [],
      last_request: null,
    });
    const { body } = await world.delete(`/api/users/${ANA}`, await ofFirstAlone());
    expect(Object.values(body.erased).every((n) => n === 0)).toBe(true);
  });

  it('a webhook about one number changes no call, no request and no early fact of the other', async () => {
    await live();
    const ofSecond = await copyToSecond(world);
    const calls = await db()
      .selectFrom('calls')
      .select('wacid')
      .where('phone_number_id', '=', SECOND)
      .where('wacid', 'is not', null)
      .execute();
    expect(calls.length).toBeGreaterThan(1);
    const asked = await db()
      .selectFrom('permission_facts')
      .select('ref')
      .where('phone_number_id', '=', SECOND)
      .where('kind', '=', 'asked')
      .executeTakeFirstOrThrow();
    for (const wacid of [...calls.map((call) => String(call.wacid)), asOfSecond('wacid.EARLY')]) {
      const told = { id: wacid, from: ANA, to: FIRST_DISPLAY, timestamp: at(), direction: 'USER_INITIATED' };
      const contacts = [{ wa_id: ANA, profile: { name: 'Otra' } }];
      await world.deliver(deliveryOf(change(FIRST, 'calls', { contacts, calls: [{ ...told, event: 'connect', session: offer() }] })));
      await world.deliver(deliveryOf(change(FIRST, 'calls', { contacts, calls: [{ ...told, event: 'terminate', status: 'COMPLETED' }] })));
    }
    const failed = { id: asked.ref, status: 'failed', timestamp: at() };
    await world.deliver(deliveryOf(change(FIRST, 'messages', { statuses: [failed, { ...failed, recipient_id: ANA }] })));
    await expectKept(ofSecond);
    const failures = await db().selectFrom('permission_facts').select('phone_number_id').where('kind', '=', 'request_failed').execute();
    expect(failures).toEqual([]);
    // The early fact of the second number is still its own: the first began a call of its own without it.
    const begun = await world.call(asOfSecond('wacid.EARLY'));
    expect(begun.phone_number_id).toBe(FIRST);
  });
});
