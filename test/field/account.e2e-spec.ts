import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY, HOUR, MINUTE } from '#kernel/clock.js';
import { handoverWebhook } from '#simulator/webhooks/message-webhooks.js';
import { RESTRICTION_TYPES } from '#simulator/world/number.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type Body, World } from '../world.js';

const WABA = '200000000000001';

describe.each(engines)('what is told of the number and its account, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
  });
  afterEach(() => world.close());

  const seconds = () => Math.floor(world.clock.now() / 1_000);
  /** Delivers the bodies of an input from the field. */
  async function deliverField(name: string): Promise<void> {
    const text = readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8');
    for (const body of JSON.parse(text.replaceAll('@now', String(seconds()))).deliver) expect(await world.deliver(body)).toBe(200);
  }
  const deliver = (field: string, value: object, id = WABA, time: number | null = seconds()) =>
    world.deliver({
      object: 'whatsapp_business_account',
      entry: [{ id, ...(time !== null && { time }), changes: [{ field, value }] }],
    });
  const status = async (query = ''): Promise<Body> => (await world.get(`/api/calling/status${query}`)).body;
  const gateOf = (found: Body, direction: 'inbound' | 'outbound', name: string): Body =>
    found[direction].gates.find((gate: Body) => gate.name === name);
  const gates = async (name: string): Promise<Body[]> => {
    const found = await status();
    return [gateOf(found, 'inbound', name), gateOf(found, 'outbound', name)];
  };
  const makeCall = (to = '5215512340001') => world.do('make-call', { to });

  it('shows an error without a call in the gate of payment, in both directions', async () => {
    await deliverField('payment-error-alone');
    const told = { verdict: 'fail', source: 'webhook', code: 'payment_required', remedy: expect.any(String) };
    expect(await gates('payment')).toMatchObject([told, told]);
    expect((await status()).recent_refusals).toMatchObject([
      { code: 'payment_required', upstream_code: 131044, operation: 'webhook', count: 1 },
    ]);
    expect(JSON.parse((await summaries()).at(-1) ?? '')).toMatchObject({ new: 1, unknown: 0 });
  });

  it('counts the same error again an hour later, and not before', async () => {
    for (const minutes of [0, 1, 120]) {
      world.clock.time += minutes * MINUTE;
      await deliverField('payment-error-alone');
    }
    expect((await status()).recent_refusals).toMatchObject([{ code: 'payment_required', count: 2 }]);
  });

  const summaries = async () => {
    const rows = await world.app.get(Store).read.selectFrom('deliveries').select('summary').orderBy('id').execute();
    return rows.map(({ summary }) => summary);
  };

  it('opens the window with what a user writes to the agent, and warns that asking takes the thread from it', async () => {
    world.clock.time += 2 * DAY;
    const to = '5215512349901';
    expect((await world.get(`/api/calling/preflight?to=${to}`)).body.gates).toContainEqual(
      expect.objectContaining({ name: 'window', verdict: 'fail' }),
    );
    await deliverField('standby-message');
    const person = world.simulator.context.users.meet(to);
    if (person) person.wroteAt = world.clock.now();
    const { body } = await world.get(`/api/calling/preflight?to=${to}`, { 'accept-language': 'es' });
    expect(body.gates).toContainEqual(expect.objectContaining({ name: 'window', verdict: 'pass', value: 'open' }));
    expect(body.gates.find(({ name }: Body) => name === 'agent_thread')).toMatchObject({
      verdict: 'warning',
      code: 'agent_holds_thread',
      remedy: expect.stringContaining('agente'),
    });
    expect(await status()).toMatchObject({ business_agent: { threads_held: 1 } });
    expect(await makeCall(to)).toMatchObject({ status: 202, body: { state: 'awaiting_permission' } });
    expect((await world.get(`/api/calling/permissions/${to}`)).body.thread_holder).toBe('business');
    expect((await status()).business_agent).toBeNull();
  });

  it('opens nothing with the echo of what the agent wrote', async () => {
    world.clock.time += 2 * DAY;
    await deliver('standby', {
      metadata: { display_phone_number: '5215500000001', phone_number_id: '300000000000001' },
      standby: { message_echoes: [{ id: 'wamid.ECHO', to: '5215512349901', timestamp: String(seconds()), type: 'text' }] },
    });
    const { body } = await world.get('/api/calling/preflight?to=5215512349901');
    expect(body.gates).toContainEqual(expect.objectContaining({ name: 'window', verdict: 'fail' }));
  });

  it('keeps who holds the thread, whatever the order of message and hand-over', async () => {
    const { number, users, clock } = world.simulator.context;
    const ana = users.meet('5215512340001');
    if (!ana) throw new Error('nobody is called Ana');
    const holder = async () => (await world.get('/api/calling/permissions/5215512340001')).body.thread_holder;
    ana.thread = 'business';
    const passedBack = handoverWebhook(number, ana, clock.now() + MINUTE);
    ana.thread = 'agent';
    const passed = handoverWebhook(number, ana, clock.now());
    for (const { field, value } of [passedBack, passed]) await deliver(field, value);
    expect(await holder()).toBe('business');
    world.clock.time += 2 * MINUTE;
    world.simulator.messageSimulation.handOver(ana, 'agent');
    world.simulator.messageSimulation.write(ana, 'Hello');
    await world.settle();
    expect(await holder()).toBe('agent');
    expect((await world.get('/metrics')).body).toMatch(/wac_webhook_elements_total\{field="standby",result="new"\} 1/);
  });

  it('takes a reply to a permission request that arrives on standby', async () => {
    await world.greet();
    await makeCall();
    const ana = world.simulator.context.users.meet('5215512340001');
    if (!ana) throw new Error('nobody is called Ana');
    world.simulator.messageSimulation.handOver(ana, 'agent');
    await world.pass(4);
    expect((await world.get('/api/calling/calls')).body.data[0]).toMatchObject({ state: 'ready' });
  });

  it('counts fields that nobody reads, and shows them', async () => {
    for (const id of ['1', '2', '2']) await deliver('message_template_status_update', { event: 'APPROVED', message_template_id: id });
    await deliver('field_of_tomorrow', { a: 1 });
    expect((await status()).webhook.unread_fields).toMatchObject([
      { field: 'field_of_tomorrow', elements: 1 },
      { field: 'message_template_status_update', elements: 2, last_at: expect.any(String) },
    ]);
    const { body } = await world.get('/metrics');
    expect(body).toMatch(/wac_webhook_elements_total\{field="message_template_status_update",result="unknown"\} 2/);
    for (let index = 0; index < 60; index += 1) await deliver(`made_up_${index}`, {});
    expect((await status()).webhook.unread_fields).toHaveLength(51);
  });

  it.each(RESTRICTION_TYPES)('blocks with %s exactly the directions that it names', async (type) => {
    const blocks = { outbound: /BUSINESS_INITIATED|BIZ_INITIATED/.test(type), inbound: /USER_INITIATED_CALLING$/.test(type) };
    await world.greet();
    await control('PATCH', '/number', { restrictions: [{ type }] });
    const found = await status('?refresh=true');
    for (const direction of ['inbound', 'outbound'] as const) {
      const { verdict, code } = gateOf(found, direction, 'restriction');
      expect([direction, verdict === 'fail', code === 'calling_restricted']).toEqual([direction, blocks[direction], blocks[direction]]);
    }
    const answer = await makeCall();
    expect(answer.body.code ?? null).toBe(blocks.outbound ? 'calling_restricted' : null);
    await control('PATCH', '/number', { restrictions: [], calling: { call_icon_visibility: 'DEFAULT' } });
    world.clock.time += 2 * MINUTE;
    const after = await status();
    for (const direction of ['inbound', 'outbound'] as const) expect(gateOf(after, direction, 'restriction').verdict).toBe('pass');
  });

  it('a history with a restriction can be left again', async () => {
    await world.greet();
    await control('PUT', '/history', { history: 'restricted' });
    await world.settle();
    expect((await makeCall()).body).toMatchObject({ code: 'calling_restricted', retry_at: expect.any(String) });
    await control('PUT', '/history', { history: 'growing' });
    world.clock.time += 2 * MINUTE;
    expect(await makeCall()).toMatchObject({ status: 202 });
  });

  it('takes an account webhook without a number for its own account, and leaves that of another alone', async () => {
    const restriction_info = [{ restriction_type: 'RESTRICTED_BUSINESS_INITIATED_CALLING', expiration: seconds() + 86_400 }];
    const value = { event: 'ACCOUNT_RESTRICTION', restriction_info };
    const verdict = async () => (await gates('restriction'))[1].verdict;
    await world.greet();
    await deliver('account_update', value, '999000000000009');
    expect(await verdict()).toBe('pass');
    expect(JSON.parse((await summaries()).at(-1) ?? '')).toMatchObject({ foreign: 1 });
    await deliver('account_update', value, '0');
    expect(await verdict()).toBe('fail');
    world.clock.time += 2 * MINUTE;
    expect(await verdict()).toBe('pass');
    await deliver('account_update', value, WABA);
    expect(await verdict()).toBe('fail');
  });

  it.each([
    ['disabled', 'account_disabled'],
    ['deleted', 'account_deleted'],
  ])('is not available once the account is %s, and again once it is active', async (account, code) => {
    await world.greet();
    await world.ring('fede');
    expect((await status()).outbound.verdict).toBe('available');
    await control('PATCH', '/number', { account });
    world.clock.time += 2 * MINUTE;
    const found = await status();
    for (const direction of ['inbound', 'outbound'] as const) {
      expect(found[direction].verdict).toBe('blocked');
      expect(gateOf(found, direction, 'account')).toMatchObject({ verdict: 'fail', code, remedy: expect.any(String) });
    }
    expect(await makeCall()).toMatchObject({ status: 409, body: { code } });
    await control('PATCH', '/number', { account: 'active' });
    world.clock.time += 2 * MINUTE;
    expect((await gates('account')).map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
    expect(await makeCall()).toMatchObject({ status: 202 });
  });

  it('is unknown, never available, while health still finds a deleted account available', async () => {
    await world.greet();
    await world.ring('fede');
    await deliver('account_update', { event: 'ACCOUNT_DELETED' });
    world.clock.time += 2 * MINUTE;
    const found = await status('?refresh=true');
    expect(gateOf(found, 'outbound', 'account')).toMatchObject({ verdict: 'unknown', code: 'account_deleted' });
    expect(found.outbound.verdict).toBe('unknown');
  });

  it('knows a limit of -1 as unlimited everywhere', async () => {
    await deliver('business_capability_update', { max_daily_conversations_per_business: -1 });
    const requirements = (await world.get('/api/calling/conversation-requirements')).body;
    expect(requirements.messaging_limit).toMatchObject({ tier: 'TIER_UNLIMITED', limit: null, meets: true, scope: 'portfolio' });
    const found = await status();
    expect(gateOf(found, 'outbound', 'messaging_limit')).toMatchObject({ verdict: 'pass', value: 'TIER_UNLIMITED' });
    expect(found.figures.messaging_limit.value).toBe('TIER_UNLIMITED');
    await deliver('phone_number_quality_update', {
      display_phone_number: '5215500000001',
      event: 'FLAGGED',
      current_limit: 'TIER_NOT_SET',
    });
    await deliver('business_capability_update', { max_daily_conversations_per_business: 1_500 });
    expect(gateOf(await status(), 'outbound', 'messaging_limit')).toMatchObject({ value: 1_500, code: 'messaging_limit_too_low' });
  });

  it('takes a restriction that stands beside a violation, and the violation', async () => {
    const violation_info = { violation_type: 'LOW_BUSINESS_INITIATED_CALLING_QUALITY' };
    const restriction_info = [{ restriction_type: 'RESTRICTED_BUSINESS_INITIATED_CALLING', expiration: seconds() + 86_400 }];
    await deliver('account_update', { event: 'ACCOUNT_VIOLATION', violation_info, restriction_info });
    expect((await gates('restriction'))[1]).toMatchObject({ verdict: 'fail', code: 'calling_restricted' });
    expect(JSON.parse((await summaries()).at(-1) ?? '')).toMatchObject({ new: 2, unknown: 0 });
  });

  it('reads the type of a restriction under the name that the settings give it, too', async () => {
    await deliver('account_update', { restriction_info: [{ type: 'RESTRICTED_BUSINESS_INITIATED_CALLING' }] });
    expect((await gates('restriction'))[1]).toMatchObject({ verdict: 'fail', value: 'RESTRICTED_BUSINESS_INITIATED_CALLING' });
  });

  it('takes what is reported again without a time as news: a limit that falls and rises, a restriction after its end', async () => {
    const again = async (field: string, value: object) => {
      world.clock.time += 2 * HOUR;
      await deliver(field, value, WABA, null);
    };
    for (const limit of [2_000, 250, 2_000]) await again('business_capability_update', { max_daily_conversations_per_business: limit });
    expect((await world.get('/api/calling/conversation-requirements')).body.messaging_limit).toMatchObject({ limit: 2_000, meets: true });
    const restriction_info = [{ restriction_type: 'RESTRICTED_USER_INITIATED_CALLING' }];
    for (const info of [restriction_info, [], restriction_info]) await again('account_update', { restriction_info: info });
    expect((await gates('restriction'))[0]).toMatchObject({ verdict: 'fail', code: 'calling_restricted' });
  });

  it('lets the integer of the portfolio stand before a limit of the number, whichever is newer and came first', async () => {
    const quality = { display_phone_number: '5215500000001', event: 'FLAGGED', current_limit: 'TIER_250' };
    const shown = async () => (await world.get('/api/calling/conversation-requirements')).body.messaging_limit;
    await deliver('phone_number_quality_update', quality);
    expect(await shown()).toMatchObject({ limit: 250, scope: 'number' });
    await deliver('business_capability_update', { max_daily_conversations_per_business: 2_000 }, WABA, seconds() - 60);
    expect(await shown()).toMatchObject({ limit: 2_000, scope: 'portfolio' });
  });

  async function control(method: string, path: string, body: object): Promise<void> {
    const base = world.simulatorUrl.replace('/360dialog', '/api');
    const response = await fetch(`${base}${path}`, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    expect([path, response.status]).toEqual([path, 200]);
    await world.settle();
  }
});
