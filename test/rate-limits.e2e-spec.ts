import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Reply, World } from './world.js';

const KEYS = '/api/keys';
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

describe('limits of rate', () => {
  let world: World;
  // The minute of the counters stands still: it is not over before the test is.
  let minute: jest.Spied<typeof Date.now>;
  beforeEach(() => {
    minute = jest.spyOn(Date, 'now').mockReturnValue(Date.now());
  });
  afterEach(async () => {
    minute.mockRestore();
    await world.close();
  });

  const times = async (count: number, ask: (index: number) => Promise<Reply>): Promise<number[]> => {
    const answers: number[] = [];
    for (let index = 0; index < count; index += 1) answers.push((await ask(index)).status);
    return answers;
  };

  it('answer a key that asks too often with the time to retry, and let others go on', async () => {
    world = await World.open({ env: { RATE_LIMIT_PER_MINUTE: '60' } });
    const other = (await world.post(KEYS, { name: 'other', scopes: ['keys:admin'] })).body.key;
    expect(await times(1, () => world.get(KEYS, bearer(other)))).toEqual([200]);
    const answers = await times(80, () => world.get(KEYS));
    expect(answers.filter((status) => status === 200).length).toBeGreaterThanOrEqual(59);
    expect(answers.at(-1)).toBe(429);
    const refused = await world.get(KEYS);
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests', retryable: true, retry_at: expect.any(String) } });
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(Date.parse(refused.body.retry_at) - world.clock.now()).toBeLessThanOrEqual(60_000);
    expect((await world.get(KEYS, bearer(other))).status).toBe(200);
  });

  it('stop an address that guesses keys, and no good key behind it, also one that was never seen', async () => {
    world = await World.open({ env: { AUTH_FAILURES_PER_MINUTE: '10' } });
    const late = (await world.post(KEYS, { name: 'late', scopes: ['keys:admin'] })).body.key;
    const answers = await times(20, (index) => world.get(KEYS, bearer(`wrong-key-number-${index}-0123456789`)));
    expect(answers).toEqual([...Array(10).fill(401), ...Array(10).fill(429)]);
    expect((await world.get(KEYS, bearer(late))).status).toBe(200);
    expect((await world.get(KEYS, { authorization: '' })).status).toBe(429);
    expect((await world.get(KEYS)).status).toBe(200);
  });

  it('keep no owner out whose address shows wrong keys, not even after a restart', async () => {
    world = await World.open({ env: { AUTH_FAILURES_PER_MINUTE: '5', RATE_LIMIT_PER_MINUTE: '60' } });
    await world.stop();
    await world.start();
    const wrong = (index: number) => world.get(KEYS, bearer(`wrong-key-number-${index}-0123456789`));
    expect((await times(70, wrong)).at(-1)).toBe(429);
    const fromConsole = () => ({ authorization: '', 'x-requested-with': 'console', origin: world.url });
    expect((await world.post('/api/session', { key: 'wrong-key-0123456789' }, fromConsole())).status).toBe(429);
    const signedIn = await world.post('/api/session', { key: ` ${World.KEY} ` }, fromConsole());
    expect(signedIn.status).toBe(201);
    expect((await world.get(KEYS)).status).toBe(200);
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const withCookie = await fetch(`${world.url}${KEYS}`, { headers: { cookie: `theme=dark; ${cookie}; lang=es` } });
    expect(withCookie.status).toBe(200);
    expect((await wrong(71)).status).toBe(429);
  });

  it('count signing in with wrong keys, too', async () => {
    world = await World.open({ env: { AUTH_FAILURES_PER_MINUTE: '5' } });
    const signIn = () =>
      world.post('/api/session', { key: 'wrong-key-0123456789' }, { authorization: '', 'x-requested-with': 'console', origin: world.url });
    expect(await times(6, signIn)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('never limit a delivery of 360dialog, whatever else comes from its address', async () => {
    world = await World.open({ env: { RATE_LIMIT_PER_MINUTE: '60', AUTH_FAILURES_PER_MINUTE: '5' } });
    await times(10, () => world.get(KEYS, bearer('wrong-key-0123456789')));
    // More than a key may ask in a minute; a wrong token is told as such however often.
    expect(await times(10, () => world.post('/api/webhooks/360dialog', {}, bearer('a-wrong-token-0123456789')))).toEqual(
      Array(10).fill(401),
    );
    const answers: number[] = [];
    for (let index = 0; index < 65; index += 1) answers.push(await world.deliver({ object: 'x', index }));
    expect(answers).toEqual(Array(65).fill(200));
    expect((await world.get('/health/ready')).status).toBe(200);
  });

  it('take the word of a proxy on who asks only where it is trusted', async () => {
    world = await World.open({ env: { AUTH_FAILURES_PER_MINUTE: '5', TRUSTED_PROXIES: '127.0.0.0/8' } });
    const from = (address: string) => world.get(KEYS, { ...bearer('wrong-key-0123456789'), 'x-forwarded-for': address });
    expect(await times(6, () => from('203.0.113.7'))).toEqual([401, 401, 401, 401, 401, 429]);
    expect(await times(1, () => from('203.0.113.8'))).toEqual([401]);
    await world.close();
    world = await World.open({ env: { AUTH_FAILURES_PER_MINUTE: '5' } });
    expect(await times(6, (index) => from(`203.0.113.${index}`))).toEqual([401, 401, 401, 401, 401, 429]);
  });
});
