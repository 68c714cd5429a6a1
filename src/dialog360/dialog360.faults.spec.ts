import { jest } from '@jest/globals';
import { Problem } from '#kernel/problem.js';
import { AnsweringServer, done, drop, json, KEY, type Reply, WACID } from './answering-server.fixture.js';
import type { Dialog360Client } from './dialog360.client.js';
import type { Session } from './fact.js';

const offer: Session = { sdp_type: 'offer', sdp: 'v=0\r\n' };
const answer: Session = { sdp_type: 'answer', sdp: 'v=0\r\n' };
const ana = { waId: '5215512345678' };
const LIMIT_MS = 60_000;
const raw =
  (text: string, status = 200): Reply =>
  (res) =>
    res.writeHead(status, { 'content-type': 'text/html' }).end(text);
const cut: Reply = (res, req) => {
  res.writeHead(200, { 'content-length': '500' }).write('{"calls":[');
  setImmediate(() => req.socket.destroy());
};
const refusal = (status: number, code: number, details = 'refused') =>
  json({ error: { message: `(#${code}) Refused`, type: 'OAuthException', code, error_data: { details }, fbtrace_id: 'A1' } }, status);

/**
 * The time of a client whose requests are never answered: it passes only while the client waits, and the limit of an attempt
 * is over once the server has the request, never before.
 */
class VainWait {
  passedMs = 0;
  readonly #limits: Array<{ ms: number; over: AbortController }> = [];

  constructor() {
    jest.spyOn(performance, 'now').mockImplementation(() => this.passedMs);
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const over = new AbortController();
      this.#limits.push({ ms, over });
      return over.signal;
    });
  }

  readonly hang: Reply = () => {
    const { ms, over } = this.#limits.shift() ?? { ms: Number.NaN, over: new AbortController() };
    this.passedMs += ms;
    over.abort(new DOMException('The time is over', 'TimeoutError'));
  };
}

describe('Dialog360Client meets faults', () => {
  const server = new AnsweringServer();
  let client: Dialog360Client;

  beforeAll(() => server.start());
  beforeEach(() => {
    client = server.client({ timeoutMs: LIMIT_MS });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => server.stop());

  const commands: [
    string,
    () => ReturnType<
      Dialog360Client['terminate'] | Dialog360Client['connect'] | Dialog360Client['accept'] | Dialog360Client['requestPermission']
    >,
  ][] = [
    ['connect', () => client.connect(ana, offer, 'call_1')],
    ['pre_accept', () => client.preAccept(WACID, answer)],
    ['accept', () => client.accept(WACID, answer, 'call_1')],
    ['reject', () => client.reject(WACID)],
    ['terminate', () => client.terminate(WACID)],
    ['request_permission', () => client.requestPermission(ana, {})],
  ];
  const readings: [string, () => Promise<unknown>][] = [
    ['readPermission', () => client.readPermission(ana)],
    ['readSettings', () => client.readSettings()],
    ['readHealth', () => client.readHealth()],
    ['readWebhook', () => client.readWebhook()],
  ];
  const writes: [string, () => Promise<void>][] = [['writeSettings', () => client.writeSettings({ status: 'ENABLED' })]];
  const repeated = (operation: string) => (operation === 'reject' || operation === 'terminate' ? 2 : 1);
  const problemOf = async (asked: Promise<unknown>): Promise<Problem> => {
    const thrown = await asked.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(Problem);
    return thrown as Problem;
  };

  describe.each(commands)('%s', (operation, send) => {
    it.each([
      ['a line that breaks after sending', drop, 'outcome_unknown'],
      ['an answer cut off', cut, 'outcome_unknown'],
      ['a page of HTML with 200', raw('<html>hello</html>'), 'upstream_unreadable'],
      ['truncated JSON with 200', raw('{"messaging_product":"whatsapp","calls":[{"id":'), 'upstream_unreadable'],
      ['a 200 that does not say it', json({ messaging_product: 'whatsapp' }), 'upstream_unreadable'],
      ['a 200 of a wrong kind', json([]), 'upstream_unreadable'],
      ['a 502 page of HTML', raw('<html>Bad Gateway</html>', 502), 'upstream_error'],
      ['a fault of Meta', refusal(500, 131_000), 'upstream_error'],
      ['a proxy that gave up waiting', raw('', 408), 'upstream_refused'],
      ['an answer beyond 1 MiB', raw('x'.repeat(1_100_000)), 'outcome_unknown'],
    ])('after %s the outcome is unknown', async (_, reply, code) => {
      server.answering(reply);
      const sent = await send();
      expect(sent).toMatchObject({ outcome: 'unknown', problem: { code } });
      expect(server.seen.length).toBeLessThanOrEqual(repeated(operation));
    });

    it('after no answer in time the outcome is unknown', async () => {
      const wait = new VainWait();
      server.answering(wait.hang);
      expect(await send()).toMatchObject({ outcome: 'unknown', problem: { code: 'outcome_unknown' } });
      expect(server.seen).toHaveLength(repeated(operation));
      expect(wait.passedMs).toBeCloseTo(LIMIT_MS, -1);
    });

    it.each([
      ['a string', json({ error: 'endpoint blocked' }, 403), 'upstream_forbidden'],
      [
        'the meta shape',
        json({ meta: { success: false, http_code: 401, developer_message: 'Invalid API key' } }, 401),
        'upstream_key_rejected',
      ],
      ['a Meta error', refusal(401, 138_000), 'calling_disabled'],
      ['an errors list', json({ errors: [{ code: 131_031, title: 'Account locked' }] }, 403), 'account_locked'],
      ['a bare message', json({ message: 'no such thing' }, 404), 'upstream_refused'],
      ['a 429 without words', raw('', 429), 'rate_limited'],
      ['a 500 whose code proves that nothing rang', refusal(500, 138_006), 'permission_required'],
      ['a redirection, which is not followed', json({}, 302, { location: '/elsewhere' }), 'upstream_refused'],
    ])('a refusal in %s is a refusal', async (_, reply, code) => {
      server.answering(reply);
      expect(await send()).toMatchObject({ outcome: 'refused', problem: { code, upstream: { status: expect.any(Number) } } });
      expect(server.seen.every(({ path }) => path !== '/elsewhere')).toBe(true);
    });

    it('nothing was sent when no server listens', async () => {
      client = server.client({ baseUrl: 'http://127.0.0.1:1' });
      expect(await send()).toMatchObject({
        outcome: 'refused',
        problem: { code: 'upstream_unavailable', upstream: null },
        exchange: { status: null },
      });
    });

    it('nothing was sent when the name is unknown or TLS fails', async () => {
      client = server.client({ baseUrl: 'http://no-such-host.invalid' });
      expect(await send()).toMatchObject({ outcome: 'refused', problem: { code: 'upstream_unavailable' } });
      client = server.client({ baseUrl: server.url('https') });
      expect(await send()).toMatchObject({ outcome: 'refused', problem: { code: 'upstream_unavailable' } });
      expect(server.seen).toEqual([]);
    });

    it('never shows the key in what it reports', async () => {
      server.answering(drop);
      const sent = await send();
      expect(sent.outcome === 'accepted' ? '' : `${JSON.stringify(sent)} ${String((sent.problem.cause as Error).stack)}`).not.toContain(
        KEY,
      );
    });
  });

  it('what it reports of a refusal has no key in it, though the refusal repeats it', async () => {
    server.answering(json({ error: { message: `Unknown key ${KEY}`, code: 1, error_data: { details: KEY } } }, 403));
    const sent = await client.terminate(WACID);
    expect(sent).toMatchObject({ outcome: 'refused', problem: { upstream: { message: 'Unknown key [redacted]', details: '[redacted]' } } });
    expect(JSON.stringify(sent)).not.toContain(KEY);
  });

  it('Retry-After says when to ask again', async () => {
    server.answering(json({ error: 'slow down' }, 429, { 'retry-after': '30' }));
    const before = Date.now();
    const sent = await client.connect(ana, offer, 'x');
    const { retryAt } = (sent as Extract<typeof sent, { outcome: 'refused' }>).problem;
    expect(retryAt).toBeGreaterThanOrEqual(before + 30_000);
    expect(retryAt).toBeLessThanOrEqual(Date.now() + 30_000);
  });

  describe.each(['reject', 'terminate'] as const)('%s', (operation) => {
    it('counts a call that is over already as done', async () => {
      server.answering(refusal(400, 100, 'The call has already been terminated'));
      expect(await client[operation](WACID)).toMatchObject({ outcome: 'accepted', value: { alreadyOver: true } });
    });

    it('stays unknown when only the second attempt sent nothing', async () => {
      server.answering(() => void server.stop());
      expect(await client[operation](WACID)).toMatchObject({ outcome: 'unknown', problem: { code: 'outcome_unknown' } });
      await server.start();
    });

    it('is repeated once after a fault', async () => {
      server.answering(drop, done);
      expect(await client[operation](WACID)).toMatchObject({ outcome: 'accepted', value: { alreadyOver: false } });
      expect(server.seen).toHaveLength(2);
    });
  });

  describe.each(readings)('%s', (_, read) => {
    it.each([
      ['a broken line', drop, 3, 'upstream_error'],
      ['a 503', raw('<h1>down</h1>', 503), 3, 'upstream_error'],
      ['a refusal', refusal(401, 138_000), 1, 'calling_disabled'],
      ['a limit of rate', raw('', 429), 1, 'rate_limited'],
      ['JSON that is none', raw('{"calling":'), 1, 'upstream_unreadable'],
      ['a 200 with an error inside', json({ error: 'Internal' }), 1, 'upstream_unreadable'],
    ])('after %s throws a problem', async (__, reply, times, code) => {
      server.answering(reply);
      expect((await problemOf(read())).code).toBe(code);
      expect(server.seen).toHaveLength(times);
    });

    it('gives up within the one time limit', async () => {
      const wait = new VainWait();
      server.answering(wait.hang);
      expect((await problemOf(read())).code).toBe('upstream_error');
      expect(wait.passedMs).toBeCloseTo(LIMIT_MS, -1);
    });
  });

  it('a reading recovers from one fault', async () => {
    server.answering(drop, json({ calling: { status: 'ENABLED' } }));
    expect(await client.readSettings()).toMatchObject({ calling: { status: 'ENABLED' } });
  });

  it.each(writes)('%s is tried once and throws its problem', async (_, write) => {
    server.answering(drop);
    expect((await problemOf(write())).code).toBe('upstream_error');
    server.answering(refusal(400, 138_015));
    expect((await problemOf(write())).code).toBe('messaging_limit_too_low');
    expect(server.seen).toHaveLength(2);
  });

  it('a crowd that reads permissions is refused rather than queued without end', async () => {
    server.answering(json({ permission: { status: 'permanent' } }));
    const crowd = Array.from({ length: 30 }, () =>
      client.readPermission(ana).then(
        () => 'read',
        (problem: Problem) => problem.code,
      ),
    );
    expect(await Promise.race(crowd.slice(20))).toBe('rate_limited');
    expect(server.seen.length).toBeLessThanOrEqual(5);
    await Promise.all(crowd);
  });
});
