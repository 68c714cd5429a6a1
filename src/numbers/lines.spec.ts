import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HttpService } from '@nestjs/axios';
import axios from 'axios';
import { readSettings } from '#config/read-settings.js';
import { AnsweringServer, dialled, done, json, type Reply, WACID } from '#dialog360/answering-server.fixture.js';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import { Dialog360Service } from '#dialog360/dialog360.service.js';
import type { Session } from '#dialog360/fact.js';
import { PermissionReads } from '#dialog360/limits/permission-reads.service.js';
import { keyDigestOf } from '#identity/numbers/business-number.js';
import { NumberCache } from '#identity/numbers/number-cache.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { NumbersStore } from '#identity/numbers/numbers.store.js';
import { SystemClock } from '#kernel/clock.js';
import { Secret } from '#kernel/secret.js';
import { type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { SILENT_LOG } from '#telemetry/log.fixture.js';
import { Metrics } from '#telemetry/metrics.js';
import { EnvironmentNumberService } from './environment-number.service.js';
import { LinesService } from './lines.service.js';

const [A, B] = ['300000000000001', '300000000000002'];
const [KEY_A, KEY_B] = ['key-of-a', 'key-of-b'];
const ana = { waId: '5215512345678' };
const offer: Session = { sdp_type: 'offer', sdp: 'v=0\r\n' };
/** Those of the 32 slots of a line that any request may take. */
const ANY = 24;
const health = (phoneNumberId: string): Reply =>
  json({ health_status: { can_send_message: 'AVAILABLE', entities: [{ entity_type: 'PHONE_NUMBER', id: phoneNumberId }] } });

describe('the lines of two numbers', () => {
  const server = new AnsweringServer();
  let database: TemporaryStore;
  let numbers: NumbersService;
  let dialog360: Dialog360Service;
  let lines: LinesService;
  let metrics: Metrics;
  /** How 360dialog answers each key. */
  let answers: Record<string, Reply>;
  /** Which number it names for each key. */
  let named: Record<string, string>;

  beforeAll(() => server.start());
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = await temporaryStore('sqlite');
    const store = await database.open();
    // The fixture's own client is not used; it forgets what earlier tests have sent.
    server.client();
    const env = { D360_API_KEY: KEY_A, D360_WEBHOOK_TOKEN: 'token-of-the-environment-0123456789', D360_BASE_URL: server.url() };
    const settings = readSettings(env);
    const cache = new NumberCache(new NumbersStore(store), store, settings);
    cache.openKey = (sealed) => new Secret(sealed);
    const clock = new SystemClock();
    numbers = new NumbersService(cache, clock);
    metrics = new Metrics();
    dialog360 = new Dialog360Service(new HttpService(axios.create()), new PermissionReads(), settings, clock, metrics, SILENT_LOG);
    lines = new LinesService(numbers, dialog360, new EnvironmentNumberService(numbers, dialog360, settings, clock), clock);
    named = { [KEY_A]: A, [KEY_B]: B };
    answers = { [KEY_A]: dialled, [KEY_B]: dialled };
    server.answering((res, req) => {
      const key = String(req.headers['d360-api-key']);
      if (req.url === '/health_status') health(named[key] ?? 'nobody')(res, req);
      else (answers[key] ?? done)(res, req);
    });
    await numbers.add(A, { source: 'environment', keyDigest: keyDigestOf(A, new Secret(KEY_A)) });
    await numbers.add(B, { source: 'api', sealedApiKey: KEY_B, keyDigest: keyDigestOf(B, new Secret(KEY_B)) });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    dialog360.onApplicationShutdown();
    await database.remove();
  });

  const dial = (id: string) => lines.of(id).connect(ana, offer, 'call_1');
  const keysOf = (path: string) => server.seen.filter((one) => one.path === path).map(({ headers }) => headers['d360-api-key']);
  const dials = () => keysOf('/calling/calls');
  const gauge = async () => (await metrics.registry.getSingleMetricAsString('wac_upstream_circuit_state')).match(/state (\d)/)?.[1];

  it('dial each with its own key, and stay open as long as they have it', async () => {
    expect([(await dial(A)).outcome, (await dial(B)).outcome]).toEqual(['accepted', 'accepted']);
    expect(dials()).toEqual([KEY_A, KEY_B]);
    const [one, again, other] = [A, A, B].map((id) => lines.of(id));
    expect([one === again, one === other]).toEqual([true, false]);
    expect(await lines.isProven({ phoneNumberId: B })).toBe(true);
  });

  it('fail apart: five answers 500 in a row open the circuit of one, and the other dials', async () => {
    answers[KEY_A] = json({}, 500);
    for (let n = 0; n < 5; n += 1) await dial(A);
    expect((await dial(A)).outcome).toBe('refused');
    expect(lines.of(A).load.circuit).toBe('open');
    expect(lines.of(B).load.circuit).toBe('closed');
    expect((await dial(B)).outcome).toBe('accepted');
    expect(dials().filter((key) => key === KEY_A)).toHaveLength(5);
    // One figure for the process: the worst of its lines, and no longer that of a line that has ended.
    expect(await gauge()).toBe('2');
    await numbers.change(A, { removedAt: 1 });
    expect(await gauge()).toBe('0');
  });

  it('hang apart: one whose requests all hang and wait holds no slot of the other', async () => {
    answers[KEY_A] = () => undefined;
    const hanging = Array.from({ length: ANY + 10 }, () => dial(A));
    while (dials().length < ANY) await setImmediate();
    expect((await dial(B)).outcome).toBe('accepted');
    expect([lines.of(A).load, lines.of(B).load]).toMatchObject([
      { underWay: ANY, waiting: 10 },
      { underWay: 0, waiting: 0 },
    ]);
    lines.of(A).close();
    await Promise.all(hanging);
  });

  it('pace their permission reads apart', async () => {
    jest.spyOn(performance, 'now').mockReturnValue(0);
    answers[KEY_A] = answers[KEY_B] = json({ permission: { status: 'permanent' } });
    await Promise.all([A, B].flatMap((id) => Array.from({ length: 5 }, () => lines.of(id).readPermission(ana))));
    expect(server.seen.filter(({ path }) => path?.startsWith('/calling/permissions'))).toHaveLength(10);
  });

  it('keep sockets of their own: what ends with one of them cuts nothing of the other', async () => {
    await dial(A);
    const finish = Promise.withResolvers<void>();
    answers[KEY_B] = (res, req) => void finish.promise.then(() => dialled(res, req));
    const slow = dial(B);
    while (dials().length < 2) await setImmediate();
    lines.of(A).close();
    await numbers.change(A, { removedAt: 1 });
    finish.resolve();
    expect((await slow).outcome).toBe('accepted');
  });

  it('are replaced with their key: what is under way ends on the old one, what follows has the new one', async () => {
    const finish = Promise.withResolvers<void>();
    answers[KEY_B] = (res, req) => void finish.promise.then(() => dialled(res, req));
    const before: Dialog360Client = lines.of(B);
    const underWay = dial(B);
    while (dials().length < 1) await setImmediate();
    const another = 'another-key-of-b';
    Object.assign(named, { [another]: B });
    answers[another] = dialled;
    await numbers.change(B, { sealedApiKey: another, keyDigest: keyDigestOf(B, new Secret(another)) });
    expect(lines.of(B)).not.toBe(before);
    expect((await dial(B)).outcome).toBe('accepted');
    const closed = jest.spyOn(before, 'close');
    finish.resolve();
    expect((await underWay).outcome).toBe('accepted');
    expect([dials(), closed.mock.calls.length]).toEqual([[KEY_B, another], 1]);
  });

  it('do not take what is said of a key that was replaced for the present one', async () => {
    const refused: string[] = [];
    numbers.keyRefused = (id) => refused.push(id);
    const finish = Promise.withResolvers<void>();
    answers[KEY_B] = (res, req) => void finish.promise.then(() => json({}, 401)(res, req));
    const underWay = dial(B);
    while (dials().length < 1) await setImmediate();
    const another = 'another-key-of-b';
    Object.assign(named, { [another]: B });
    answers[another] = dialled;
    await numbers.change(B, { sealedApiKey: another, keyDigest: keyDigestOf(B, new Secret(another)) });
    expect((await dial(B)).outcome).toBe('accepted');
    finish.resolve();
    expect((await underWay).outcome).toBe('refused');
    expect([refused, numbers.byId(B)?.keyDigest]).toEqual([[], keyDigestOf(B, new Secret(another))]);
    answers[another] = json({}, 401);
    await dial(B);
    expect(refused).toEqual([B]);
  });

  it('send nothing but the health before the number of the key is proven, and remember the proof', async () => {
    const another = 'another-key-of-b';
    answers[another] = dialled;
    named[another] = B;
    await numbers.change(B, { sealedApiKey: another });
    expect((await dial(B)).outcome).toBe('accepted');
    expect([keysOf('/health_status'), dials()]).toEqual([[another], [another]]);
    expect(numbers.byId(B)?.keyDigest).toBe(keyDigestOf(B, new Secret(another)));
    expect(numbers.byId(B)?.keyAcceptedAt).not.toBeNull();
    await dial(B);
    expect(keysOf('/health_status')).toHaveLength(1);
  });

  it('dial nothing with the key of another number, also of ours', async () => {
    for (const stranger of [A, '999999999999999']) {
      server.seen.length = 0;
      const key = `key-of-${stranger}`;
      named[key] = stranger;
      await numbers.change(B, { sealedApiKey: key });
      expect(await dial(B)).toMatchObject({ outcome: 'refused', problem: { code: 'other_number' } });
      expect([dials(), await lines.isProven({ phoneNumberId: B })]).toEqual([[], false]);
      expect(numbers.byId(B)?.keyDigest).toBe(keyDigestOf(B, new Secret(KEY_B)));
    }
    expect((await dial(A)).outcome).toBe('accepted');
  });

  it('send nothing at all for a number that is not ours, that was removed, or of which there is no key', async () => {
    await numbers.change(B, { removedAt: 1 });
    for (const id of [B, '999999999999999']) {
      expect(await dial(id)).toMatchObject({ outcome: 'refused', problem: { code: 'number_unproven' } });
      expect(await lines.of(id).terminate(WACID)).toMatchObject({ outcome: 'refused' });
      await expect(lines.of(id).readHealth()).rejects.toMatchObject({ code: 'number_unproven' });
    }
    expect(server.seen).toEqual([]);
  });
});
