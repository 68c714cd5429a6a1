import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { MINUTE } from '#kernel/clock.js';
import { SealedValuesService } from '#secrets/sealed-values.service.js';
import { keysNamed } from '#secrets/sealing-keys.fixture.js';
import { SecretsService } from '#secrets/secrets.service.js';
import { beginSealing } from '#store/sealed/sealing-state.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { type Endpoint, type Gateway, OWNER, type Received, TestBed } from './delivery.fixture.js';
import { secretOf } from './subscription.js';

const withKeys = (...names: string[]) => new SecretsService({ secretsKeys: keysNamed(...names) });
const isSignedBy = (secret: string, { headers, body }: Received) => {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
};

describe.each(engines)('the sealed secrets of subscriptions on %s', (engine) => {
  let bed: TestBed;
  let gateway: Gateway;
  let hook: Endpoint;

  beforeEach(async () => {
    bed = new TestBed((store) => new OutboxService(new OutboxStore(store), store));
    bed.clock.pass(Date.now() - bed.clock.now());
    gateway = await bed.open(engine, withKeys('a'));
    await gateway.store.write(beginSealing);
    hook = await bed.endpoint();
  });
  afterEach(() => bed.close());

  const rows = async ({ store }: { store: Store } = gateway) =>
    store.read
      .selectFrom('subscriptions')
      .select(['id', 'secret', 'previous_secret', 'sealed_secret', 'sealed_previous_secret', 'state', 'disabled_reason'])
      .orderBy('id')
      .execute();
  const deliver = async (by: Gateway = gateway): Promise<Received> => {
    await by.publish({});
    await by.workers.flush();
    return hook.got.at(-1) as Received;
  };
  /** The process ends, and one with these keys begins. */
  const restart = async (...names: string[]): Promise<Gateway> => {
    await gateway.stop();
    gateway = await bed.gateway(undefined, withKeys(...names));
    return gateway;
  };

  it('are in no column in plain text, sign as before, also after a rotation and a restart', async () => {
    const made = await gateway.subscribe(hook.url);
    const rotated = await gateway.service.rotate(OWNER, made.id);
    const [row] = await rows();
    const first = keysNamed('a').sealingId;
    expect(row).toMatchObject({ secret: '', previous_secret: null });
    expect([row?.sealed_secret?.slice(0, 9), row?.sealed_previous_secret?.slice(0, 9)]).toEqual([`${first}.`, `${first}.`]);
    await restart('a');
    const got = await deliver();
    expect([isSignedBy(secretOf(rotated), got), isSignedBy(secretOf(made), got)]).toEqual([true, true]);
  });

  it('stay in plain text until sealing has begun, or without a key, and are sealed later', async () => {
    await gateway.store.write((tx) => tx.deleteFrom('meta').where('key', '=', 'sealing').execute());
    const made = await gateway.subscribe(hook.url);
    expect(await rows()).toMatchObject([{ secret: secretOf(made), sealed_secret: null }]);
    await gateway.store.write(beginSealing);
    const rotated = await gateway.service.rotate(OWNER, made.id);
    await restart();
    await expect(gateway.service.rotate(OWNER, made.id)).rejects.toThrow('secret_unreadable');
    expect(await rows()).toMatchObject([{ secret: '', sealed_secret: expect.anything() }]);
    await restart('a');
    expect(isSignedBy(secretOf(rotated), await deliver())).toBe(true);
    const plain = await restart();
    const other = await plain.subscribe(hook.url, { types: ['call.ended'] });
    expect(await rows()).toContainEqual(expect.objectContaining({ id: other.id, secret: secretOf(other), sealed_secret: null }));
    expect(await new SealedValuesService(gateway.store, keysNamed('a')).sealPlain()).toBe(1);
    expect(await rows()).not.toContainEqual(expect.objectContaining({ secret: expect.stringMatching(/./) }));
  });

  it('do not open in another row: the subscription is disabled, says so, and signs nothing', async () => {
    const [one, other] = [await gateway.subscribe(hook.url), await gateway.subscribe(hook.url)];
    await sql`update subscriptions set sealed_secret = (select sealed_secret from subscriptions where id = ${one.id}) where id = ${other.id}`.execute(
      raw(gateway.store),
    );
    await restart('a');
    await deliver();
    expect(hook.got.every((got) => isSignedBy(secretOf(one), got))).toBe(true);
    expect(await gateway.service.require(OWNER, other.id)).toMatchObject({
      state: 'disabled',
      disabledReason: 'secret_unreadable',
      secret: null,
    });
    expect(await gateway.service.require(OWNER, one.id)).toMatchObject({ state: 'active' });
    const events = await gateway.store.read.selectFrom('events').select('data').where('type', '=', 'subscription.disabled').execute();
    expect(events.map(({ data }) => JSON.parse(data).disabled_reason)).toEqual(['secret_unreadable']);
    const refused = 'secret_unreadable';
    await expect(gateway.service.test(OWNER, other.id)).rejects.toThrow(refused);
    await expect(gateway.service.change(OWNER, other.id, { paused: false })).rejects.toThrow(refused);
    const fresh = await gateway.service.rotate(OWNER, other.id);
    await gateway.service.change(OWNER, other.id, { paused: false });
    expect(fresh.previousUntil).toBeNull();
    await deliver();
    expect(hook.got.some((got) => isSignedBy(secretOf(fresh), got))).toBe(true);
  });

  it('of a column do not open in another column of the same row', async () => {
    const made = await gateway.subscribe(hook.url);
    await gateway.service.rotate(OWNER, made.id);
    await sql`update subscriptions set sealed_secret = sealed_previous_secret`.execute(raw(gateway.store));
    await restart('a');
    await gateway.workers.flush();
    expect(await gateway.service.require(OWNER, made.id)).toMatchObject({ state: 'disabled', disabledReason: 'secret_unreadable' });
  });

  it('are sealed anew while they sign: each signature is right before, while and after', async () => {
    const made = await gateway.subscribe(hook.url);
    await restart('b', 'a');
    expect(isSignedBy(secretOf(made), await deliver())).toBe(true);
    const values = new SealedValuesService(gateway.store, keysNamed('b', 'a'));
    const rotation = values.rotate();
    for (let n = 0; n < 5; n += 1) await deliver();
    expect(await rotation).toEqual({ resealed: 1, unopened: [] });
    await deliver();
    await restart('b');
    await deliver();
    expect([hook.got.length, hook.got.every((got) => isSignedBy(secretOf(made), got))]).toEqual([8, true]);
    expect((await rows())[0]?.sealed_secret?.slice(0, 8)).toBe(keysNamed('b').sealingId);
  });

  (engine === 'postgres' ? it : it.skip)('that a replica cannot open are delivered by one that can', async () => {
    const made = await gateway.subscribe(hook.url);
    await gateway.stop();
    const without = await bed.gateway(undefined, withKeys('b'));
    const own = await bed.endpoint();
    await without.subscribe(own.url);
    await deliver(without);
    expect(own.got).toHaveLength(1);
    // It does not even take the lease, which another replica would have to wait for.
    expect([hook.got.length, without.faults]).toEqual([0, []]);
    const replica = await bed.gateway(undefined, withKeys('a'));
    bed.clock.pass(MINUTE);
    expect(isSignedBy(secretOf(made), await deliver(replica))).toBe(true);
    expect((await rows()).map(({ state }) => state)).toEqual(['active', 'active']);
    // A change makes the worker read the row again, by whichever replica.
    await replica.service.change(OWNER, made.id, { description: 'x' });
    await without.workers.flush();
    expect(isSignedBy(secretOf(made), await deliver(replica))).toBe(true);
  });
});
