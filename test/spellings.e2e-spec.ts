import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { portOf, type RawAnswer, sendRaw } from './raw.js';
import { World } from './world.js';

const LIMIT = 60;
const WRONG = 'wrong-key-0123456789-abcdefghijk';

/** Spellings of one route, as a request line holds them. */
const REACHING = [
  '/api/keys',
  '/api/keys/',
  '/%61pi/keys',
  '/api/%6beys',
  '/%61%70%69/%6B%65%79%73',
  '/api/keys?',
  '/api/keys?limit=1',
  'http://127.0.0.1/api/keys',
  'http://elsewhere.example/api/keys',
  'HTTP://elsewhere.example/%61pi/keys?limit=2',
];

/** What looks like the route and is none. */
const ELSEWHERE = [
  '//api/keys',
  '/api//keys',
  '/API/keys',
  '/api/Keys',
  '/api/keys;x',
  '/api;x=1/keys',
  '/api/./keys',
  '/api/x/../keys',
  '/api%2fkeys',
  '/api/keys%20',
  '/api/keys%00',
  '/%2561pi/keys',
  '/api\\keys',
  '/api',
  '/%zz/keys',
  '/api/%c0%afkeys',
  'http://127.0.0.1//api/keys',
];

/** One key, as a header may hold it. */
const writings = (key: string) => [
  `Authorization: Bearer ${key}`,
  `authorization: bearer ${key}`,
  `AUTHORIZATION: BEARER ${key}`,
  `Authorization: bEaReR    ${key}`,
  `Authorization:   Bearer ${key}   `,
  `Authorization:Bearer ${key}\r\nCookie: wac=junk; theme=dark`,
  `Cookie: a=b\r\nAuthorization: Bearer ${key}`,
];

describe('the spellings of a request', () => {
  let world: World;
  // The minute of the counters stands still: it is not over before the test is.
  let minute: jest.Spied<typeof Date.now>;
  beforeEach(async () => {
    minute = jest.spyOn(Date, 'now').mockReturnValue(Date.now());
    world = await World.open({ env: { RATE_LIMIT_PER_MINUTE: String(LIMIT), AUTH_FAILURES_PER_MINUTE: '5' } });
  });
  afterEach(async () => {
    minute.mockRestore();
    await world.close();
  });

  const ask = (target: string, header = `Authorization: Bearer ${World.KEY}`): Promise<RawAnswer> =>
    sendRaw(portOf(world.url), `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${header}\r\n\r\n`);
  const asked = async (spellings: readonly string[], header?: string) => {
    const answers: [string, number, string | undefined][] = [];
    for (const spelling of spellings) {
      const { status, headers } = await ask(spelling, header);
      answers.push([spelling, status, headers['cache-control']]);
    }
    return answers;
  };
  const all = (spellings: readonly string[], status: number) => spellings.map((spelling) => [spelling, status, 'no-store']);
  const exhaust = async (target: string, header?: string) => {
    for (let index = 0; index < LIMIT; index += 1) await ask(target, header);
  };

  it('of one route are one route: each ends in its 429, and none is stored', async () => {
    expect(await asked(REACHING)).toEqual(all(REACHING, 200));
    await exhaust('/%61pi/keys');
    expect(await asked(REACHING)).toEqual(all(REACHING, 429));
  });

  it('of no route are 404, count against one limit of their address, and are not stored', async () => {
    expect(await asked(ELSEWHERE)).toEqual(all(ELSEWHERE, 404));
    await exhaust('/%zz');
    expect(await asked(ELSEWHERE)).toEqual(all(ELSEWHERE, 429));
    expect(await asked(['/api/keys'])).toEqual(all(['/api/keys'], 200));
  });

  it('of one key are one caller', async () => {
    for (const header of writings(World.KEY)) expect([header, (await ask('/api/keys', header)).status]).toEqual([header, 200]);
    await exhaust('/api/keys');
    for (const header of writings(World.KEY)) expect([header, (await ask('/api/keys', header)).status]).toEqual([header, 429]);
  });

  it('of one session are one caller', async () => {
    const { headers } = await world.post('/api/session', { key: World.KEY }, { 'x-requested-with': 'console', origin: world.url });
    const session = headers.get('set-cookie')?.split(';')[0] ?? '';
    const cookies = [session, `theme=dark; ${session}`, `${session};x`, `  ${session}  `, `;;${session};;`, `wac=junk; ${session}`].map(
      (text) => `Cookie: ${text}`,
    );
    for (const cookie of cookies) expect([cookie, (await ask('/api/keys', cookie)).status]).toEqual([cookie, 200]);
    await exhaust('/api/keys', cookies[1]);
    for (const cookie of cookies) expect([cookie, (await ask('/api/keys', cookie)).status]).toEqual([cookie, 429]);
  });

  it('of guesses are guesses of one address', async () => {
    const statuses: number[] = [];
    for (const target of REACHING) statuses.push((await ask(target, `Authorization: bearer ${WRONG}`)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429, 429]);
    for (const header of writings(WRONG)) expect((await ask('/api/keys', header)).status).toBe(429);
    expect((await ask('/api/keys')).status).toBe(200);
  });
});
