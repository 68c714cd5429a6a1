import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Endpoint, type Gateway, OWNER, TestBed } from '#delivery/subscriptions/delivery.fixture.js';
import { secretOf } from '#delivery/subscriptions/subscription.js';
import type { NewEvent } from '#events/event.js';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { DAY } from '#kernel/clock.js';
import { type JsonRecord } from '#kernel/read.js';
import { Secret } from '#kernel/secret.js';
import { keysNamed } from '#secrets/sealing-keys.fixture.js';
import { SecretsService } from '#secrets/secrets.service.js';
import { beginSealing } from '#store/sealed/sealing-state.js';
import { engines } from '#store/temporary-database.fixture.js';

const TOKEN = 'verify-token-of-the-consumer';

describe.each(engines)("subscriptions in Meta's format beside others, on %s", (engine) => {
  let bed: TestBed;
  let gateway: Gateway;
  let [hook, standard]: Endpoint[] = [];

  beforeEach(async () => {
    bed = new TestBed((store) => new OutboxService(new OutboxStore(store), store));
    gateway = await bed.open(engine);
    gateway.meta.bodies = async ({ data }) => data as JsonRecord;
    [hook, standard] = [await bed.endpoint(), await bed.endpoint()];
    hook.answer = (request, response) => {
      const query = new URL(request.url ?? '', 'http://consumer').searchParams;
      response.writeHead(200).end(query.get('hub.verify_token') === TOKEN ? query.get('hub.challenge') : '');
    };
  });
  afterEach(() => bed.close());

  const meta = (secret: string | null = null) => ({
    meta: { verifyToken: new Secret(TOKEN), secret: secret === null ? null : new Secret(secret) },
  });
  const subscribe = (more: object = {}) => gateway.subscribe((hook as Endpoint).url, { ...meta(), ...more });
  const element = (n: number): Partial<NewEvent> => ({ type: 'meta.calls', subject: `call_${n}`, data: { object: 'x', n } });
  const posted = () => (hook as Endpoint).got.map(({ body }) => body);
  const types = () => (standard as Endpoint).got.map(({ event }) => event.type);

  it('get elements and no event of the gateway, and the others no element: live, from the outbox, and again', async () => {
    const made = await subscribe();
    const all = await gateway.subscribe((standard as Endpoint).url);
    await gateway.publish(element(1), { type: 'call.ended' });
    await gateway.workers.flush();
    await gateway.service.change(OWNER, all.id, { paused: true });
    await gateway.service.change(OWNER, made.id, { paused: true });
    await gateway.publish(element(2), { type: 'settings.updated' });
    bed.clock.pass(5_000);
    await gateway.service.change(OWNER, all.id, { paused: false });
    await gateway.service.change(OWNER, made.id, { paused: false });
    await gateway.workers.flush();
    expect(posted()).toEqual(['{"object":"x","n":1}', '{"object":"x","n":2}']);
    expect(types()).toEqual(['call.ended', 'settings.updated']);
    const since = { since: 0, until: null, eventIds: null };
    expect([await gateway.service.replay(OWNER, made.id, since), await gateway.service.replay(OWNER, all.id, since)]).toEqual([2, 2]);
    await gateway.workers.flush();
    expect(posted()).toHaveLength(4);
    expect(types()).toHaveLength(4);
    expect(gateway.faults).toEqual([]);
  });

  it('count the loss of what they wanted, and nothing else', async () => {
    const made = await subscribe();
    const all = await gateway.subscribe((standard as Endpoint).url);
    for (const { id } of [made, all]) await gateway.service.change(OWNER, id, { paused: true });
    await gateway.publish(element(1), element(2), element(3), { type: 'call.ended' });
    bed.clock.pass(8 * DAY);
    await gateway.publish({ type: 'call.ready' });
    await gateway.outbox.purge(bed.clock.now() - 7 * DAY);
    const gapOf = async (id: string) => (await gateway.service.require({ numbers: null }, id)).gap?.events;
    expect([await gapOf(made.id), await gapOf(all.id)]).toEqual([3, 1]);
  });

  it('sign with the secret that was given, or one of their own', async () => {
    const [own, given] = [await subscribe(), await subscribe(meta('an-app-secret-of-the-consumer'))];
    await gateway.publish(element(1));
    await gateway.workers.flush();
    const expected = [own, given].map(
      (one) => `sha256=${createHmac('sha256', secretOf(one)).update('{"object":"x","n":1}').digest('hex')}`,
    );
    const got = (hook as Endpoint).got;
    expect(got.map(({ headers }) => headers['x-hub-signature-256']).sort()).toEqual(expected.sort());
    expect(got.map(({ headers }) => [headers['content-type'], headers['webhook-signature']])).toEqual(
      Array(2).fill(['application/json', undefined]),
    );
    expect(secretOf(given)).toBe('an-app-secret-of-the-consumer');
  });

  it('get nothing that is of no more use, and the log says why', async () => {
    const { id } = await subscribe();
    gateway.meta.bodies = async () => 'the call can no longer be taken';
    await gateway.publish(element(1));
    await gateway.workers.flush();
    expect(posted()).toEqual([]);
    expect(await gateway.log(id)).toMatchObject([
      { state: 'exhausted', attempts: 0, error: 'the call can no longer be taken', nextAttemptAt: null },
    ]);
  });

  it('keep secret and token sealed where the database does, and ask with the token after a restart', async () => {
    await gateway.stop();
    const secrets = new SecretsService({ secretsKeys: keysNamed('a') });
    gateway = await bed.gateway(undefined, secrets);
    await gateway.store.write(beginSealing);
    const { id } = await subscribe();
    const row = await gateway.store.read.selectFrom('subscriptions').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect(row).toMatchObject({ format: 'meta', secret: '', verify_token: null });
    const start = `${keysNamed('a').sealingId}.`;
    expect([row.sealed_secret, row.sealed_verify_token].map((sealed) => sealed?.startsWith(start))).toEqual([true, true]);
    await gateway.stop();
    gateway = await bed.gateway(undefined, secrets);
    await gateway.service.change(OWNER, id, { url: `${(hook as Endpoint).url}/moved` });
    expect((await gateway.service.require({ numbers: null }, id)).verifyToken?.reveal()).toBe(TOKEN);
  });
});
