import { pino } from 'pino';
import { AuditService } from '#access/audit/audit.service.js';
import { AuditStore } from '#access/audit/audit.store.js';
import { ALL_SCOPES, type Scope } from '#access/authorization/scope.js';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import { ApiKeysStore } from '#access/keys/api-keys.store.js';
import { keysOfOneNumber } from '#access/keys/key-numbers.fixture.js';
import type { Settings } from '#config/settings.js';
import { type Endpoint, type Gateway, OWNER, TestBed, WITHOUT_KEY } from '#delivery/subscriptions/delivery.fixture.js';
import { SubscriptionsStore } from '#delivery/subscriptions/subscriptions.store.js';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { DAY, MINUTE } from '#kernel/clock.js';
import { Secret } from '#kernel/secret.js';
import { engines } from '#store/temporary-database.fixture.js';
import { SILENT_LOG } from '#telemetry/log.fixture.js';
import { HoldersObserver } from './holders.observer.js';

describe.each(engines)('the key of a subscription on %s', (engine) => {
  let bed: TestBed;
  let gateway: Gateway;
  let hook: Endpoint;
  let said: Array<{ event: string }> = [];

  beforeEach(async () => {
    bed = new TestBed((store) => new OutboxService(new OutboxStore(store), store));
    gateway = await bed.open(engine);
    hook = await bed.endpoint();
    said = [];
  });
  afterEach(() => bed.close());

  /** The keys of one process, with what they hold. */
  const keysOf = ({ store, outbox, workers }: Gateway, apiKey: string | null = null) => {
    const log = { pino: pino({ level: 'warn' }, { write: (line: string) => void said.push(JSON.parse(line)) }) };
    const audit = new AuditService(new AuditStore(store), store, bed.clock, SILENT_LOG, { auditRetentionDays: 365 } as Settings);
    const settings = { apiKey: apiKey === null ? null : new Secret(apiKey) };
    const keys = new ApiKeysService(
      new ApiKeysStore(store),
      keysOfOneNumber(new ApiKeysStore(store)),
      store,
      settings,
      bed.clock,
      audit,
      SILENT_LOG,
    );
    new HoldersObserver(new SubscriptionsStore(store, WITHOUT_KEY), outbox, workers, keys, audit, bed.clock, log).onModuleInit();
    return { keys, audit };
  };
  /** A start with this `API_KEY`. @returns its key */
  const start = async (apiKey: string | null) => {
    const { keys } = keysOf(gateway, apiKey);
    await keys.prepare();
    const key = apiKey === null ? null : await keys.authenticate(apiKey);
    await keys.flush();
    return key ?? OWNER;
  };
  const made = async (...scopes: Scope[]) => {
    const { keys } = keysOf(gateway);
    const { key } = await keys.create(OWNER, 'consumer', scopes, undefined);
    return { keyId: key.id, name: key.name, scopes: new Set(scopes), numbers: null };
  };
  const wish = () => ({ url: hook.url, description: null, types: null, scopes: [] as Scope[], phoneNumberId: null });
  const state = async (id: string) => {
    const { state: now, disabledReason, keyId } = await gateway.service.require(EVERY_NUMBER, id);
    return [now, disabledReason, keyId];
  };
  /** As a release without `key_id` leaves it. */
  const age = (id: string) =>
    gateway.store.write((tx) => tx.updateTable('subscriptions').set({ key_id: null }).where('id', '=', id).execute());

  it('needs to read events and each type that it carries; the refusal names every missing scope', async () => {
    const narrow = await made('subscriptions:write', 'settings:read');
    const refusal = (types: Parameters<typeof gateway.service.create>[1]['types'], scopes: Scope[] = []) =>
      gateway.service.create(narrow, { ...wish(), types, scopes }).catch(({ code, params }) => [code, params.scope]);
    expect(await refusal(['settings.updated'])).toEqual(['insufficient_scope', 'events:read']);
    expect(await refusal(['call.ended', 'call.ready', 'settings.updated'])).toEqual(['insufficient_scope', 'events:read, calls:read']);
    expect(await refusal(null)).toEqual([
      'insufficient_scope',
      'events:read, calls:read, permissions:read, compliance:read, status:read, numbers:read',
    ]);
    expect(await refusal(['settings.updated'], ['calls:control'])).toEqual(['insufficient_scope', 'events:read, calls:control']);
    const wide = await made('subscriptions:write', 'settings:read', 'events:read');
    await gateway.service.create(wide, { ...wish(), types: ['settings.updated'] });
  });

  it('pauses its subscriptions when it is deleted, before the next event, and says how many', async () => {
    const consumer = await made(...ALL_SCOPES);
    const first = await gateway.service.create(consumer, wish());
    await gateway.service.create(consumer, wish());
    const paused = await gateway.service.create(consumer, wish());
    await gateway.service.change(consumer, paused.id, { paused: true });
    const other = await bed.endpoint();
    await gateway.subscribe(other.url);
    await gateway.publish({ sequence: 1 });
    await gateway.workers.flush();
    const before = hook.attempts;
    expect(await keysOf(gateway).keys.delete(EVERY_NUMBER, consumer.keyId)).toBe(2);
    await gateway.publish({ sequence: 2 });
    await gateway.pass(DAY);
    expect(hook.attempts).toBe(before);
    expect(await state(first.id)).toEqual(['paused', 'key_deleted', consumer.keyId]);
    expect(await state(paused.id)).toEqual(['paused', null, consumer.keyId]);
    const told = other.got.filter(({ event }) => event.type === 'subscription.disabled');
    expect(told.map(({ event }) => event.data)).toContainEqual(
      expect.objectContaining({ id: first.id, state: 'paused', disabled_reason: 'key_deleted' }),
    );
    expect(other.got.filter(({ event }) => event.type === 'call.updated')).toHaveLength(2);
  });

  it('is deleted by another replica: the event of that stops the worker here', async () => {
    const consumer = await made(...ALL_SCOPES);
    await gateway.service.create(consumer, wish());
    const other = await bed.endpoint();
    await gateway.subscribe(other.url);
    const there = engine === 'postgres' ? await bed.gateway() : gateway;
    await keysOf(there).keys.delete(EVERY_NUMBER, consumer.keyId);
    await there.publish({ sequence: 2 });
    // Without `workers.flush`, which reads the changes of other replicas.
    await gateway.feed.flush();
    while (!other.got.some(({ event }) => event.sequence === 2 && event.type === 'call.updated')) await new Promise(setImmediate);
    expect(hook.attempts).toBe(0);
  });

  it('resumes one with a key that has the scopes: the subscription is that key’s', async () => {
    const consumer = await made(...ALL_SCOPES);
    const { id } = await gateway.service.create(consumer, wish());
    await keysOf(gateway).keys.delete(EVERY_NUMBER, consumer.keyId);
    const narrow = await made('subscriptions:write', 'events:read');
    await expect(gateway.service.change(narrow, id, { paused: false })).rejects.toMatchObject({ code: 'insufficient_scope' });
    await expect(gateway.service.change(narrow, id, { types: ['subscription.gap'] })).rejects.toMatchObject({ code: 'insufficient_scope' });
    const next = await made(...ALL_SCOPES);
    await gateway.service.change(next, id, { paused: false });
    expect(await state(id)).toEqual(['active', null, next.keyId]);
    await expect(gateway.service.change(consumer, id, { description: 'mine' })).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(gateway.service.create(consumer, wish())).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await keysOf(gateway).keys.delete(EVERY_NUMBER, next.keyId)).toBe(1);
  });

  it('may be followed by another API_KEY, and ends with the last one', async () => {
    const former = await start('the-former-key-of-the-owner');
    const { id } = await gateway.service.create(former, wish());
    const next = await start('the-next-key-of-the-owner');
    expect(next.keyId).not.toBe(former.keyId);
    expect(await state(id)).toEqual(['active', null, next.keyId]);
    await start(null);
    expect(await state(id)).toEqual(['paused', 'key_deleted', next.keyId]);
  });

  it('is found for what an older release made: the key that made it, or the present API_KEY after a change of it', async () => {
    const { audit } = keysOf(gateway);
    const note = (action: string, target: string | null) =>
      audit.begin({ action, target, key_id: OWNER.keyId, operator_id: null, request_id: null, numbers: null });
    await note('POST /api/keys', null);
    bed.clock.pass(MINUTE);
    const [gone, rotated, deleted] = [await made(...ALL_SCOPES), await made(...ALL_SCOPES), await made(...ALL_SCOPES)];
    const ours = await gateway.subscribe(hook.url);
    const [ofGone, ofRotated, ofDeleted] = [
      await gateway.service.create(gone, wish()),
      await gateway.service.create(rotated, wish()),
      await gateway.service.create(deleted, wish()),
    ];
    for (const { id } of [ours, ofGone, ofRotated, ofDeleted]) await age(id);
    // Older than the oldest entry of the audit log: its deletion may have been purged.
    await gateway.store.write((tx) => tx.updateTable('subscriptions').set({ created_at: 1 }).where('id', '=', ofGone.id).execute());
    await gateway.store.write((tx) => tx.deleteFrom('api_keys').where('id', 'in', [gone.keyId, rotated.keyId, deleted.keyId]).execute());
    await note('DELETE /api/keys/:id', deleted.keyId);
    const environment = await start('the-key-of-the-owner');
    expect(await state(ours.id)).toEqual(['active', null, OWNER.keyId]);
    expect(await state(ofRotated.id)).toEqual(['active', null, environment.keyId]);
    expect(await state(ofDeleted.id)).toEqual(['paused', 'key_deleted', null]);
    expect(await state(ofGone.id)).toEqual(['paused', 'key_deleted', null]);
    const counted = (number: string) => new SubscriptionsStore(gateway.store, gateway.secrets).pausedWithKeys(number);
    expect(await counted('300000000000001')).toBe(2);
    // A subscription of another number says nothing about this one.
    const limited = { phone_number_id: '300000000000009', numbers: '["300000000000009"]' };
    await gateway.store.write((tx) => tx.updateTable('subscriptions').set(limited).where('id', '=', ofGone.id).execute());
    expect([await counted('300000000000001'), await counted('300000000000009')]).toEqual([1, 2]);
  });

  it('pauses at the upgrade what it may not carry', async () => {
    const narrow = await made('subscriptions:write', 'events:read', 'calls:read');
    const calls = await gateway.service.create(narrow, { ...wish(), types: ['call.ended'] });
    const { id } = await gateway.subscribe(hook.url);
    await gateway.store.write((tx) =>
      tx.updateTable('subscriptions').set({ created_by: narrow.keyId, key_id: null }).where('id', '=', id).execute(),
    );
    await age(calls.id);
    await start(null);
    expect(await state(id)).toEqual(['paused', 'scope_missing', null]);
    expect(said.filter(({ event }) => event === 'subscriptions.paused_at_start')).toMatchObject([{ key_deleted: 0, scope_missing: 1 }]);
    expect(await state(calls.id)).toEqual(['active', null, narrow.keyId]);
  });

  it('leaves types that a later release brings out of a subscription of all types that may not have them', async () => {
    const most = await made(...ALL_SCOPES.filter((scope) => scope !== 'compliance:read'));
    const { id } = await gateway.subscribe(hook.url);
    await gateway.store.write((tx) => tx.updateTable('subscriptions').set({ key_id: most.keyId }).where('id', '=', id).execute());
    await start(null);
    const { types, state: now } = await gateway.service.require(EVERY_NUMBER, id);
    expect(now).toBe('active');
    expect(types).toContain('call.ended');
    expect(types).not.toContain('compliance.report');
    expect(types).not.toContain('account.restricted');
  });
});
