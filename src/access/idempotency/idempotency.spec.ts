import { jest } from '@jest/globals';
import { pino } from 'pino';
import { HOUR, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Secret } from '#kernel/secret.js';
import type { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { StoppedClock, type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { canonicalJson, isIdempotencyKey } from './idempotency.js';
import { type ApiAnswer, IdempotencyService, type IdempotentRequest, type Intent, ProblemRenderer } from './idempotency.service.js';
import { IdempotencyStore } from './idempotency.store.js';

class PlainRenderer extends ProblemRenderer {
  render(problem: Problem): ApiAnswer {
    return { status: 502, body: { code: problem.code } };
  }
}

const SILENT = { pino: pino({ level: 'silent' }) };
const TIMEOUT_MS = 8_000;
const upstream = { status: 400, code: 138006, message: null, details: null, fbtrace_id: null };
const made: ApiAnswer = { status: 201, body: { id: 'call_1' } };
const never = () => Promise.reject(new Error('must not be asked'));
const request = (over: Partial<IdempotentRequest> = {}): IdempotentRequest => ({
  principal: { keyId: 'key_a', name: 'a', scopes: new Set(), numbers: null },
  key: 'one',
  method: 'POST',
  path: '/api/calling/make-call',
  body: { to: '5215512345678' },
  ...over,
});

describe('an idempotency key', () => {
  it('is one to 255 printable characters', () => {
    expect(['a', ' ~', 'x'.repeat(255)].every(isIdempotencyKey)).toBe(true);
    expect(['', 'x'.repeat(256), 'a\n', 'ñ'].some(isIdempotencyKey)).toBe(false);
  });

  it('ignores the order of the members', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(canonicalJson({ a: null, b: [{ c: 2, d: 1 }] }));
    expect(canonicalJson({ a: [1, 2] })).not.toBe(canonicalJson({ a: [2, 1] }));
  });
});

describe.each(engines)('idempotency on %s', (engine) => {
  let clock: StoppedClock;
  let database: TemporaryStore;
  let store: Store;
  let runs: number;

  beforeEach(async () => {
    clock = new StoppedClock();
    runs = 0;
    database = await temporaryStore(engine);
    store = await database.open();
  });
  afterEach(() => database.remove());

  const process = (on = store) => {
    const dialog360 = {
      apiKey: new Secret('x'),
      baseUrl: '',
      circuitFailures: 5,
      timeoutMs: TIMEOUT_MS,
      phoneNumberId: null,
      webhookTokens: [],
    };
    return new IdempotencyService(new IdempotencyStore(on), on, new PlainRenderer(), { dialog360 }, clock, SILENT);
  };
  const work = async (): Promise<ApiAnswer> => {
    runs += 1;
    return made;
  };
  const intend = (intent: Intent) => store.write((tx) => intent.record(tx, 'call_1'));
  /** A run whose process dies: it never comes back. */
  const crash = (service: IdempotencyService, before: (intent: Intent) => Promise<void>) =>
    new Promise<void>((died) => {
      const gone = new Promise<never>(() => undefined);
      void service.run(
        request(),
        (intent) =>
          before(intent)
            .then(() => died())
            .then(() => gone),
        never,
      );
    });

  it('whose answer the store could not keep is answered from its intent, by the same process and at once', async () => {
    const service = process();
    const intent = async ({ record }: Intent): Promise<ApiAnswer> => {
      await store.write((tx) => record(tx, 'call_1'));
      runs += 1;
      jest.spyOn(store, 'write').mockRejectedValueOnce(new Error('disk I/O error'));
      return made;
    };
    expect(await service.run(request(), intent, never)).toEqual({ ...made, replayed: false });
    expect(await service.run(request(), work, async () => made)).toEqual({ ...made, replayed: true });
    expect(runs).toBe(1);
  });

  it('runs without a key each time', async () => {
    await process().run(request({ key: null }), work, never);
    expect(await process().run(request({ key: null }), work, never)).toEqual({ ...made, replayed: false });
    expect(runs).toBe(2);
  });

  it('answers a repeated request with the stored answer, also after a restart', async () => {
    expect(await process().run(request(), work, never)).toEqual({ ...made, replayed: false });
    expect(await process(await database.open()).run(request(), work, never)).toEqual({ ...made, replayed: true });
    expect(runs).toBe(1);
  });

  it('refuses the key of another request', async () => {
    await process().run(request(), work, never);
    for (const over of [{ body: { to: '1' } }, { path: '/api/calling/connect' }, { method: 'PATCH' }]) {
      await expect(process().run(request(over), work, never)).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    }
  });

  it('keeps the keys of two API keys apart', async () => {
    await process().run(request(), work, never);
    const other = request({ principal: { keyId: 'key_b', name: 'b', scopes: new Set(), numbers: null } });
    expect(await process().run(other, work, never)).toMatchObject({ replayed: false });
    expect(runs).toBe(2);
  });

  it('names the header when the key is malformed', async () => {
    await expect(process().run(request({ key: '' }), work, never)).rejects.toMatchObject({
      code: 'invalid_request',
      errors: [{ field: 'Idempotency-Key' }],
    });
  });

  it('runs one of twenty at once and refuses the others meanwhile', async () => {
    const service = process();
    let finish = () => {};
    const hold = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const all = Array.from({ length: 20 }, () => service.run(request(), () => hold.then(work), never));
    const settled = Promise.allSettled(all);
    let refused = 0;
    await new Promise<void>((resolve) => {
      for (const one of all) {
        one.catch((error: Problem) => {
          expect(error).toMatchObject({ code: 'request_in_progress', retryAt: clock.now() + SECOND });
          refused += 1;
          if (refused === 19) resolve();
        });
      }
    });
    finish();
    expect((await settled).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(runs).toBe(1);
  });

  it('stores a refusal that came after something was sent', async () => {
    const refused = async () => {
      runs += 1;
      throw new Problem('permission_required', { upstream });
    };
    await expect(process().run(request(), refused, never)).rejects.toMatchObject({ code: 'permission_required' });
    expect(await process().run(request(), refused, never)).toEqual({ status: 502, body: { code: 'permission_required' }, replayed: true });
    expect(runs).toBe(1);
  });

  it.each([
    ['a refusal that sent nothing', new Problem('call_in_progress')],
    ['a refusal that met a mere reading', new Problem('calling_disabled', { upstream, onReading: true })],
    ['a fault of ours', new Error('a bug')],
  ])('lets the key be tried again after %s', async (_, error) => {
    await expect(process().run(request(), () => Promise.reject(error), never)).rejects.toBe(error);
    expect(await process().run(request(), work, never)).toMatchObject({ replayed: false });
  });

  it.each([
    ['a refusal that sent nothing', new Problem('shutting_down')],
    ['a fault of ours', new Error('a bug')],
  ])('answers from the intent after %s, and never runs again', async (_, error) => {
    const service = process();
    const failing = async (intent: Intent) => {
      await intend(intent);
      throw error;
    };
    await expect(service.run(request(), failing, never)).rejects.toBe(error);
    const fromIntent = async (callId: string): Promise<ApiAnswer> => ({ status: 202, body: { id: callId } });
    expect(await service.run(request(), work, fromIntent)).toEqual({ status: 202, body: { id: 'call_1' }, replayed: true });
    expect(await service.run(request(), work, never)).toEqual({ status: 202, body: { id: 'call_1' }, replayed: true });
    expect(runs).toBe(0);
  });

  it('lets the key be tried again when the intent certainly never left', async () => {
    const unreachable = async (intent: Intent) => {
      await intend(intent);
      throw new Problem('upstream_unavailable');
    };
    await expect(process().run(request(), unreachable, never)).rejects.toMatchObject({ code: 'upstream_unavailable' });
    expect(await process().run(request(), work, never)).toEqual({ ...made, replayed: false });
    expect(runs).toBe(1);
  });

  const afterCrash = () => clock.pass(2 * TIMEOUT_MS + 10 * SECOND);

  it('answers from the intent that a crashed process has committed', async () => {
    await crash(process(), intend);
    afterCrash();
    const answer = await process().run(request(), work, async (callId) => ({ status: 202, body: { id: callId } }));
    expect(answer).toEqual({ status: 202, body: { id: 'call_1' }, replayed: true });
    expect(runs).toBe(0);
  });

  it('runs again what a crashed process left without an intent', async () => {
    await crash(process(), async () => undefined);
    afterCrash();
    expect(await process().run(request(), work, never)).toEqual({ ...made, replayed: false });
  });

  it('keeps a run that was taken over from committing its intent', async () => {
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const entered = new Promise<Promise<unknown>>((resolve) => {
      const slow: Promise<unknown> = process().run(
        request(),
        async (intent) => {
          resolve(Promise.resolve([slow]));
          await held;
          await intend(intent);
          return work();
        },
        never,
      );
    });
    const [slow] = (await entered) as [Promise<unknown>];
    afterCrash();
    await process(await database.open()).run(request(), work, never);
    go();
    await expect(slow).rejects.toMatchObject({ code: 'request_in_progress' });
    expect(runs).toBe(1);
  });

  it('purges after 72 hours, and not before', async () => {
    await process().run(request(), work, never);
    expect(await process().purge(clock.now() + 72 * HOUR)).toBe(0);
    expect(await process().purge(clock.now() + 72 * HOUR + 1)).toBe(1);
    expect(await process().run(request(), work, never)).toMatchObject({ replayed: false });
  });
});
