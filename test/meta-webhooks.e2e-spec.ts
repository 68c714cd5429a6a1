import { afterEach, describe, expect, it } from '@jest/globals';
import { CallsService } from '#calling/call/calls.service.js';
import { RetentionJob } from '#privacy/retention/retention.job.js';
import { engines } from '#store/temporary-database.fixture.js';
import { MetaWorld } from './meta-world.js';
import { answer, offer } from './sdp.js';
import type { Body } from './world.js';

const { ANA, DISPLAY, HUGO, OURS } = MetaWorld;
const HOUR_SECONDS = 3_600;

describe.each(engines)('webhooks in the format of Meta on %s', (engine) => {
  let meta: MetaWorld;
  afterEach(() => meta.close());

  it('bring the offer of a call that rings, one element in each post, and events of the gateway to none of them', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    const { secret } = (await meta.subscribe(one, { secret: 's3cret-of-an-app-0123456789' })).body;
    await meta.world.deliver(
      meta.envelope(
        {
          contacts: meta.contacts,
          calls: [meta.ringing('wacid.ONE', { vendor: { note: 'día', big: 1e21 } }), meta.ringing('wacid.TWO', { from: HUGO })],
        },
        'calls',
        { time: 1_797_400_000 },
      ),
    );
    await meta.flush();
    expect(one.heard.sort()).toEqual(['wacid.ONE connect', 'wacid.TWO connect']);
    const [first] = one.got.filter(({ value }) => value.calls[0].id === 'wacid.ONE');
    expect(first && one.isSigned(first, secret)).toBe(true);
    expect(first?.raw).toMatch(/^[\0-~]*$/);
    expect(first?.raw).toContain('\\ud83d\\ude00');
    const { body } = first as NonNullable<typeof first>;
    expect(body).toEqual(
      meta.envelope({ contacts: meta.contacts, calls: [meta.ringing('wacid.ONE', { vendor: { note: 'día', big: 1e21 } })] }, 'calls', {
        time: 1_797_400_000,
      }),
    );
    expect((await meta.world.get('/api/events?types=meta.calls')).status).toBe(422);
    expect((await meta.world.post('/api/subscriptions', { url: one.url, types: ['meta.calls'] })).status).toBe(422);
    const kept = JSON.stringify(await meta.metaEvents());
    expect(kept).not.toContain('v=0');
    // The handlers before it have begun the calls.
    for (const { subject } of await meta.metaEvents()) expect(subject).toMatch(/^call_/);
    const types = new Set((await meta.world.events()).map(({ type }) => type));
    expect(types.has('call.incoming') && types.has('meta.calls' as never)).toBe(true);
  });

  it('bring no connect twice, late, without an SDP, or of a call that is over', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    one.answer = () => 500;
    await meta.subscribe(one, { fields: ['calls'] });
    const first = meta.envelope({ contacts: meta.contacts, calls: [meta.ringing('wacid.AGAIN')] });
    await meta.world.deliver(first);
    await meta.world.deliver(first);
    await meta.deliver({ calls: [meta.ringing('wacid.AGAIN', { cta_payload: 'button' })] });
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.AGAIN', { timestamp: String(Number(meta.at()) + 1) })] });
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.BARE', { from: HUGO, session: undefined })] });
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.LATE', { timestamp: String(Number(meta.at()) - 600) })] });
    await meta.flush();
    expect(one.got.map(({ value }) => value.calls[0].id)).toEqual(['wacid.AGAIN']);
    // The retry comes after the answer window: the offer is of no use any more.
    one.answer = () => 200;
    await meta.pass(120);
    expect(one.heard.filter((name) => name.endsWith('connect'))).toEqual([]);
    const [{ id }] = (await meta.world.get('/api/subscriptions')).body.data;
    const log = (await meta.world.get(`/api/subscriptions/${id}/deliveries`)).body.data;
    expect(log.map((delivery: Body) => [delivery.status, delivery.error])).toEqual([['exhausted', 'the call can no longer be taken']]);
    expect((await meta.world.post(`/api/subscriptions/${id}/replay`, {})).body).toEqual({ count: 1 });
    await meta.flush();
    expect(one.heard).toEqual([]);
  });

  it('bring a connect within its window after a fault, and none once the call was taken', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    one.answer = () => 503;
    await meta.subscribe(one, { fields: ['calls'] });
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.RETRY')] });
    await meta.flush();
    one.answer = () => 200;
    await meta.pass(8);
    expect(one.heard).toEqual(['wacid.RETRY connect']);
    expect(one.got.at(-1)?.value.calls[0].session.sdp).toBe(offer().sdp);
    one.answer = () => 503;
    const call = await meta.world.ring('ana');
    await meta.flush();
    one.answer = () => 200;
    expect((await meta.world.do('accept', { id: call.id, session: answer() })).status).toBe(200);
    await meta.pass(8);
    expect(one.heard.filter((name) => name.endsWith('connect'))).toEqual(['wacid.RETRY connect']);
  });

  it('bring no connect after its window, also before the watchdog has ended the call', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    one.answer = () => 503;
    await meta.subscribe(one, { fields: ['calls'] });
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.WINDOW')] });
    await meta.flush();
    one.answer = () => 200;
    meta.world.clock.time += 60_000;
    await meta.flush();
    expect((await meta.world.get('/api/calling/calls')).body.data[0].state).toBe('ringing');
    expect(one.got.map(({ status }) => status)).toEqual([503]);
    const [{ id }] = (await meta.world.get('/api/subscriptions')).body.data;
    const [delivery] = (await meta.world.get(`/api/subscriptions/${id}/deliveries`)).body.data;
    expect([delivery.status, delivery.error]).toEqual(['exhausted', 'the call can no longer be taken']);
  });

  it('name the user on every element of an outbound call, and never the data of the gateway', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    await meta.subscribe(one);
    meta.world.allow('hugo');
    const made = await meta.world.do('make-call', { to: HUGO, session: offer() });
    await meta.pass(8);
    await meta.world.do('terminate', { id: made.body.id });
    await meta.pass(3);
    const names = one.heard.map((name) => name.split(' ')[1]);
    expect(names).toEqual(expect.arrayContaining(['connect', 'RINGING', 'ACCEPTED', 'terminate']));
    for (const { value } of one.got)
      expect(value.contacts).toEqual([expect.objectContaining({ wa_id: HUGO, profile: { name: expect.any(String) } })]);
    expect(one.got.map(({ raw }) => raw).join()).not.toContain('call_0');
    expect(one.got.find(({ value }) => value.calls?.[0].event === 'connect')?.value.calls[0].session.sdp_type).toBe('answer');
    expect(JSON.stringify(await meta.metaEvents().then((all) => all.map(({ data }) => data)))).not.toContain('call_0');
  });

  it('give back the data of the caller on the connect, the statuses and the terminate', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    await meta.subscribe(one);
    meta.world.allow('hugo');
    const calls = meta.world.app.get(CallsService);
    const find = calls.find.bind(calls);
    calls.find = async (...given) => {
      const call = await find(...given);
      return call && { ...call, callbackData: 'crm 4711 ñ' };
    };
    const made = await meta.world.do('make-call', { to: HUGO, session: offer() });
    await meta.pass(8);
    await meta.world.do('terminate', { id: made.body.id });
    await meta.pass(3);
    const given = one.got.map(({ value }) => (value.calls ?? value.statuses)[0].biz_opaque_callback_data);
    expect(given.length).toBeGreaterThanOrEqual(4);
    expect(new Set(given)).toEqual(new Set(['crm 4711 ñ']));
  });

  it('bring replies to permission requests, changes of settings and errors, and no other message', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    await meta.subscribe(one);
    const reply = {
      ...{ from: ANA, id: 'wamid.R', timestamp: meta.at(), type: 'interactive', context: { from: DISPLAY, id: 'wamid.Q' } },
      interactive: {
        type: 'call_permission_reply',
        call_permission_reply: { response: 'accept', expiration_timestamp: Number(meta.at()) + 604_800, response_source: 'user_action' },
      },
    };
    const text = { from: ANA, id: 'wamid.T', timestamp: meta.at(), type: 'text', text: { body: 'Hola' } };
    await meta.deliver(
      {
        contacts: meta.contacts,
        messages: [text, reply],
        statuses: [{ id: 'wamid.S', status: 'read', timestamp: meta.at(), recipient_id: ANA }],
      },
      'messages',
    );
    const calling = {
      status: 'ENABLED',
      sip: { status: 'DISABLED', servers: [{ hostname: 'sip.example', sip_user_password: 'hunter2' }] },
    };
    await meta.deliver(
      { timestamp: meta.at(), type: 'phone_number_settings', phone_number_settings: { phone_number_id: OURS, calling } },
      'account_settings_update',
    );
    await meta.deliver({ contacts: meta.contacts, errors: [{ code: 131044, title: 'Payment' }] });
    await meta.flush();
    expect(one.got.map(({ field }) => field).sort()).toEqual(['account_settings_update', 'calls', 'messages']);
    const of = (field: string) => one.got.find((got) => got.field === field)?.value;
    expect(of('messages')).toMatchObject({ contacts: [{ wa_id: ANA }], messages: [reply] });
    expect(of('account_settings_update')).toMatchObject({
      metadata: { phone_number_id: OURS },
      phone_number_settings: { calling: { sip: { servers: [{ hostname: 'sip.example' }] } } },
    });
    expect(of('calls')).toMatchObject({ contacts: meta.contacts, errors: [{ code: 131044, title: 'Payment' }] });
    expect(one.got.map(({ raw }) => raw).join()).not.toContain('hunter2');
  });

  it('delay nothing for a consumer that answers 422 to all but connect', async () => {
    meta = await MetaWorld.open(engine);
    const [strict, other] = [await meta.consumer(), await meta.consumer()];
    strict.answer = ({ value }) => (value.calls?.[0].event === 'connect' ? 200 : 422);
    const { id } = (await meta.subscribe(strict, { fields: ['calls'] })).body;
    await meta.subscribe(other, { fields: ['calls'] });
    const status = (n: number) => ({
      id: `wacid.S${n}`,
      type: 'call',
      status: 'RINGING',
      timestamp: meta.at(),
      recipient_id: `52155123${String(n).padStart(5, '0')}`,
    });
    for (let n = 0; n < 30; n += 1) await meta.deliver({ statuses: [status(n)] });
    await meta.flush();
    expect((await meta.world.get(`/api/subscriptions/${id}`)).body).toMatchObject({ state: 'active', failures: 0, failing_since: null });
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.NOW')] });
    await meta.flush();
    expect(strict.heard).toEqual(['wacid.NOW connect']);
    expect(other.heard).toHaveLength(31);
    const { body } = await meta.world.get(`/api/subscriptions/${id}`);
    expect(body).toMatchObject({ state: 'active', failures: 0, failing_since: null, held_until: null });
    const attempts = strict.got.length;
    await meta.pass(HOUR_SECONDS);
    expect(strict.got.filter(({ status }) => status === 422).length).toBe(30);
    expect(attempts).toBe(31);
    const log = (await meta.world.get(`/api/subscriptions/${id}/deliveries?limit=200&status=exhausted`)).body.data;
    expect(log.map((delivery: Body) => [delivery.response_status, delivery.attempt, delivery.next_attempt_at])).toEqual(
      Array(30).fill([422, 1, null]),
    );
  });

  it.each([400, 401, 404, 408, 413, 429])('are final for an element with %d, and those after it come', async (refusal) => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    one.answer = ({ value }) => (value.statuses ? refusal : 200);
    await meta.subscribe(one, { fields: ['calls'] });
    await meta.deliver({ statuses: [{ id: 'wacid.X', type: 'call', status: 'RINGING', timestamp: meta.at(), recipient_id: HUGO }] });
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.Y')] });
    await meta.pass(30);
    expect(one.got.map(({ status }) => status)).toEqual([refusal, 200]);
  });

  it('leave nothing of an erased person in the outbox', async () => {
    meta = await MetaWorld.open(engine);
    const one = await meta.consumer();
    one.answer = () => 500;
    await meta.subscribe(one);
    const call = (event: string, more: object) => ({
      id: 'wacid.ERASED',
      from: ANA,
      to: DISPLAY,
      event,
      timestamp: meta.at(),
      direction: 'USER_INITIATED',
      ...more,
    });
    const named = [{ ...meta.contacts[0], nickname: 'Anita la de Jalisco' }];
    await meta.deliver({ contacts: named, calls: [meta.ringing('wacid.ERASED')] });
    await meta.deliver({ contacts: named, calls: [call('terminate', { status: 'COMPLETED' })] });
    await meta.flush();
    expect(JSON.stringify(await meta.metaEvents())).toContain('Anita');
    expect((await meta.world.delete(`/api/users/${ANA}`)).status).toBe(200);
    const kept = JSON.stringify(await meta.metaEvents());
    for (const trace of [ANA, 'Ñandú', 'Anita', 'wacid.ERASED']) expect(kept).not.toContain(trace);
    const before = one.got.length;
    one.answer = () => 200;
    await meta.pass(10);
    expect(one.got).toHaveLength(before);
  });

  it('are purged with all events after seven days', async () => {
    meta = await MetaWorld.open(engine);
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.OLD')] });
    expect((await meta.metaEvents()).length).toBe(1);
    await meta.world.pass(8 * 24 * HOUR_SECONDS);
    await meta.deliver({ contacts: meta.contacts, calls: [meta.ringing('wacid.NEW', { from: HUGO })] });
    await meta.world.app.get(RetentionJob).purge();
    expect((await meta.metaEvents()).map(({ data }) => data.entry[0].changes[0].value.calls[0].id)).toEqual(['wacid.NEW']);
  });
});
