import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { engines } from '#store/temporary-database.fixture.js';
import { answer, offer } from '../sdp.js';
import type { Body, World } from '../world.js';
import { ANA, faultsOfError, HUGO, NUMBER, openGraph } from './graph-world.js';

const ROUNDS = 250;

/** Park and Miller's generator: the same bodies in every run. */
function generator(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  return { next, pick };
}

const SCALARS = [
  '',
  'x',
  '😀',
  '\ud800',
  '\u2028"\\',
  'call_1',
  'wacid.1',
  '%00',
  '-1',
  0,
  -1,
  1e300,
  true,
  false,
  null,
  'v=0',
  'x'.repeat(600),
];
const NAMES = [
  ...['action', 'to', 'recipient', 'call_id', 'session', 'sdp', 'sdp_type', 'biz_opaque_callback_data', 'recording', 'connection'],
  ...[
    'webrtc',
    'type',
    'interactive',
    'template',
    'name',
    'language',
    'code',
    'components',
    'body',
    'text',
    'calling',
    'status',
    'call_hours',
  ],
  ...['holiday_schedule', 'sip', 'servers', 'constructor', 'toString'],
];
const LIKELY: Record<string, readonly unknown[]> = {
  action: ['connect', 'ACCEPT', 'pre_accept', 'reject', 'terminate', 'hold'],
  to: [ANA, HUGO, '+52 1 55', 'MX.10000000000000000005'],
  session: [offer(), answer()],
  type: ['interactive', 'template', 'text'],
  interactive: [{ type: 'call_permission_request' }],
  connection: [{ webrtc: { sdp: '{"type":"offer","sdp":"v=0"}' } }, { webrtc: { sdp: '{' } }],
};

describe.each(engines)('random bodies for the Graph API on %s', (engine) => {
  let world: World;
  beforeAll(async () => {
    world = await openGraph({ engine });
    await world.greet();
    world.allow(HUGO);
  });
  afterAll(() => world.close());

  it('are answered, each in the shape of Meta, and none breaks the gateway', async () => {
    const { next, pick } = generator(20_261_129);
    const value = (depth: number): unknown => {
      if (depth > 3 || next() < 0.5) return pick(SCALARS);
      return next() < 0.3 ? Array.from({ length: 2 }, () => value(depth + 1)) : object(depth + 1);
    };
    const object = (depth: number): Record<string, unknown> =>
      Object.fromEntries(
        Array.from({ length: 1 + Math.floor(next() * 5) }, () => {
          const name = pick(NAMES);
          const likely = LIKELY[name];
          return [name, likely && next() < 0.6 ? pick(likely) : value(depth)];
        }),
      );
    const seen = new Map<number, number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const path = `/graph/${next() < 0.1 ? pick(['1', '%F0%9F%98%80', 'me']) : NUMBER}/${pick(['calls', 'calls', 'messages', 'settings'])}`;
      const body = object(0);
      const { status, body: answered } = await world.post(path, body);
      seen.set(status, (seen.get(status) ?? 0) + 1);
      // The simulator refuses with Meta's codes, some of which have 500.
      const isUnexpected = status >= 500 && ['internal_error', undefined].includes((answered as Body).error?.gateway_code);
      expect([isUnexpected, body, status < 400 ? [] : faultsOfError(answered)]).toEqual([false, body, []]);
    }
    for (const query of [
      '',
      '?fields[]=a',
      '?fields=a&fields=b',
      `?fields=${'x,'.repeat(400)}`,
      '?user_wa_id[a]=1',
      '?user_wa_id=1&user_wa_id=2',
    ])
      for (const end of ['', '/call_permissions', '/settings']) {
        const { status, body } = await world.get(`/graph/${NUMBER}${end}${query}`);
        expect([end, query, status < 500, status < 400 ? [] : faultsOfError(body)]).toEqual([end, query, true, []]);
      }
    expect((seen.get(400) ?? 0) > ROUNDS / 2).toBe(true);
  });
});
