import type { Settings } from '#config/settings.js';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import { MINUTE, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import type { JsonRecord } from '#kernel/read.js';
import { lineOf } from '#numbers/lines.fixture.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { createLogger } from '#telemetry/logger.js';
import type { Reading } from './reading.js';
import { ReadingsService } from './readings.service.js';
import { ReadingsStore } from './readings.store.js';

const NUMBER = '300000000000001';

/** A 360dialog that answers as told, and counts how often it is asked. */
class FakeDialog360 {
  asked = 0;
  calling: JsonRecord = { status: 'ENABLED' };
  failure: Problem | null = null;
  /** While set, answers wait for it. */
  gate: Promise<void> | null = null;

  async readSettings() {
    this.asked += 1;
    const calling = this.calling;
    await this.gate;
    if (this.failure) throw this.failure;
    return { calling, body: { calling } };
  }

  async readWebhook() {
    if (this.failure) throw this.failure;
    return { url: 'https://gateway.example.com/api/webhooks/360dialog', headerNames: [] };
  }
}

/** A cache whose answers wait for `gate` while it is set. */
class SlowReadings extends ReadingsStore {
  found = 0;
  gate: Promise<void> | null = null;

  override async find<T>(...question: Parameters<ReadingsStore['find']>): Promise<Reading<T> | null> {
    const reading = await super.find<T>(...question);
    this.found += 1;
    await this.gate;
    return reading;
  }
}

describe.each(engines)('the live figures on %s', (engine) => {
  let database: TemporaryStore;
  let store: Store;
  let clock: StoppedClock;
  let dialog360: FakeDialog360;
  let figures: ReadingsService;

  const service = (readings = new ReadingsStore()) =>
    new ReadingsService(
      readings,
      lineOf(dialog360 as unknown as Dialog360Client),
      store,
      { readingMaxAgeMs: MINUTE } as Settings,
      clock,
      { pino: createLogger({ logLevel: 'silent' }) },
      { count: async () => 0, paused: async () => 0 },
    );

  beforeEach(async () => {
    database = await temporaryStore(engine);
    store = await database.open();
    clock = new StoppedClock();
    dialog360 = new FakeDialog360();
    figures = service();
  });
  afterEach(() => database.remove());

  const down = () => new Problem('upstream_error');
  const status = async (asking?: Parameters<ReadingsService['settings']>[1]) =>
    (await figures.settings(NUMBER, asking)).value?.calling.status ?? null;

  it('asks 360dialog once and then keeps the answer until it is too old', async () => {
    expect(await status()).toBe('ENABLED');
    clock.pass(MINUTE - 1);
    expect(await status()).toBe('ENABLED');
    expect(dialog360.asked).toBe(1);
    dialog360.calling = { status: 'DISABLED' };
    clock.pass(1);
    expect(await status()).toBe('DISABLED');
    expect(dialog360.asked).toBe(2);
  });

  it('outlives a restart', async () => {
    await status();
    figures = service();
    expect(await status()).toBe('ENABLED');
    expect(dialog360.asked).toBe(1);
  });

  it('is read again when that is wanted', async () => {
    await status();
    dialog360.calling = { status: 'DISABLED' };
    expect(await status({ refresh: true })).toBe('DISABLED');
  });

  it('lets all who ask at once share one request', async () => {
    expect(await Promise.all([status(), status(), status()])).toEqual(['ENABLED', 'ENABLED', 'ENABLED']);
    expect(dialog360.asked).toBe(1);
  });

  it('lets a caller that is slow to read the cache share the request that ended meanwhile', async () => {
    const readings = new SlowReadings();
    figures = service(readings);
    const { promise, resolve } = Promise.withResolvers<void>();
    readings.gate = promise;
    const slow = status();
    await until(() => readings.found === 1);
    readings.gate = null;
    expect(await status()).toBe('ENABLED');
    resolve();
    expect(await slow).toBe('ENABLED');
    expect(dialog360.asked).toBe(1);
  });

  it('does not take an answer to an earlier question for a fresh one', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    dialog360.gate = promise;
    const before = status();
    await until(() => dialog360.asked === 1);
    clock.pass(1);
    dialog360.calling = { status: 'DISABLED' };
    const after = status({ refresh: true });
    resolve();
    await before;
    expect(await after).toBe('DISABLED');
    expect(dialog360.asked).toBe(2);
  });

  it('is unknown, not DISABLED, when nothing could ever be read', async () => {
    dialog360.failure = down();
    expect(await figures.settings(NUMBER)).toEqual({ value: null, source: null, scope: null, observedAt: null, reason: 'upstream_error' });
  });

  it('keeps the last value with its age and the reason when 360dialog fails', async () => {
    const before = await figures.settings(NUMBER);
    clock.pass(2 * MINUTE);
    dialog360.failure = down();
    expect(await figures.settings(NUMBER)).toEqual({ ...before, reason: 'upstream_error' });
  });

  it('keeps a cool-down of 5 s after a failure of 360dialog, unless a fresh reading is asked for', async () => {
    dialog360.failure = down();
    for (let i = 0; i < 5; i += 1) await status();
    expect(dialog360.asked).toBe(1);
    await status({ refresh: true });
    expect(dialog360.asked).toBe(2);
    clock.pass(5 * SECOND);
    await status();
    expect(dialog360.asked).toBe(3);
  });

  it('gives up waiting when the patience ends, and still keeps the answer that comes later', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    dialog360.gate = promise;
    expect(await figures.settings(NUMBER, { timeoutMs: 1 })).toMatchObject({ value: null, reason: 'upstream_unavailable' });
    resolve();
    expect(await status()).toBe('ENABLED');
    expect(dialog360.asked).toBe(1);
  });

  it('keeps no SIP password', async () => {
    dialog360.calling = {
      status: 'ENABLED',
      sip: { status: 'DISABLED', servers: [{ hostname: 'sip.example.com', sip_user_password: 'geheim' }] },
    };
    expect(JSON.stringify(await figures.settings(NUMBER))).not.toContain('geheim');
  });

  it('knows whether the key was accepted or refused last', async () => {
    expect(figures.key(NUMBER)).toEqual({ acceptedAt: null, rejected: false });
    await status();
    expect(figures.key(NUMBER)).toEqual({ acceptedAt: clock.now(), rejected: false });
    clock.pass(2 * MINUTE);
    dialog360.failure = new Problem('upstream_key_rejected');
    await figures.registration(NUMBER);
    expect(figures.key(NUMBER).rejected).toBe(true);
    clock.pass(10 * SECOND);
    dialog360.failure = null;
    await status();
    expect(figures.key(NUMBER).rejected).toBe(false);
  });
});

const until = async (met: () => boolean): Promise<void> => {
  while (!met()) await new Promise(setImmediate);
};
