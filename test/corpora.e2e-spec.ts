import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Store } from '#store/store.js';
import { type Engine, engines } from '#store/temporary-database.fixture.js';
import { type Body, World } from './world.js';

/** What a caller may write where a value belongs, escaped for a URL. */
const VALUES = [
  '%00',
  'a%00b',
  'key_%00',
  '%2500',
  '%F0%9F%AB%96',
  '%ED%A0%80',
  '%27%20OR%201=1--',
  '-1',
  '1e308',
  '2147483648',
  '9007199254740993',
  '9'.repeat(400),
  '__proto__',
  '%2e%2e%2fetc',
  'x'.repeat(513),
  '',
];
/** Cursors of the right shape with members that no column holds. */
const CURSORS = [['\0'], [1, '\0'], [9e15, '\0'], [2 ** 31, 'x'], [-1, 'x'], [9e15, 'x'], [2 ** 31], [9e15], ['x']].map((key) =>
  Buffer.from(JSON.stringify(key)).toString('base64url'),
);
const MEMBERS = [
  null,
  true,
  -1,
  0,
  1e308,
  2 ** 31,
  2 ** 53,
  '',
  [],
  {},
  '\0',
  'a\0b',
  '\ud800',
  '🫖',
  '9'.repeat(400),
  { '\0': 1 },
  ['\0'],
  '5215512340001',
];
const BODIES = [
  '',
  '{',
  'null',
  '[]',
  '"\\u0000"',
  '\0',
  '{"\\u0000":1}',
  '{"__proto__":{"a":1}}',
  `${'['.repeat(40)}1${']'.repeat(40)}`,
  '{"a":"\xff"}',
];

interface Operation {
  method: string;
  path: string;
  queries: string[];
  members: string[];
}

interface Ask {
  method: string;
  path: string;
  body?: string | undefined;
}

/** Every operation with a JSON answer, as the document of the API describes it. */
function operationsOf(document: Body): Operation[] {
  const schemaOf = (schema: Body): Body => (schema?.$ref ? document.components.schemas[schema.$ref.split('/').pop()] : schema);
  return Object.entries<Body>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Body>(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      queries: (operation.parameters ?? []).filter((one: Body) => one.in === 'query').map((one: Body) => one.name),
      members: Object.keys(schemaOf(operation.requestBody?.content?.['application/json']?.schema)?.properties ?? {}),
    })),
  );
}

function* requestsFor({ method, path, queries, members }: Operation): Generator<Ask> {
  const plain = path.replace(/\{\w+\}/g, 'nothing');
  if (path.includes('{'))
    for (const value of VALUES) yield { method, path: path.replace(/\{\w+\}/g, value), body: method === 'GET' ? undefined : '{}' };
  for (const query of queries) {
    for (const value of query === 'cursor' ? [...VALUES, ...CURSORS] : VALUES) yield { method, path: `${plain}?${query}=${value}` };
  }
  for (const query of ['%00=1', 'a%00b=%00', '__proto__=1', 'x[]=%00', '%']) yield { method, path: `${plain}?${query}` };
  if (method === 'GET' || method === 'DELETE') return;
  for (const body of BODIES) yield { method, path: plain, body };
  for (const member of members) for (const value of MEMBERS) yield { method, path: plain, body: JSON.stringify({ [member]: value }) };
}

const metadata = { display_phone_number: '5215500000001', phone_number_id: '300000000000001' };
const CALL = {
  event: 'connect',
  direction: 'USER_INITIATED',
  from: '5215512347777',
  to: '5215500000001',
  session: { sdp_type: 'offer', sdp: 'v=0\r\n' },
};

/** Deliveries with one odd member each, and a true call after each of them. */
function deliveries(at: number): string[] {
  const timestamp = String(Math.floor(at / 1_000));
  const envelope = (value: object, field = 'calls') => ({
    object: 'whatsapp_business_account',
    entry: [{ id: '2', changes: [{ field, value: { metadata, ...value } }] }],
  });
  const odd = MEMBERS.flatMap((member) => [
    { calls: [{ ...CALL, id: member, timestamp }] },
    { calls: [{ ...CALL, id: 'wacid.ODD', timestamp: member, from: member, from_user_id: member, biz_opaque_callback_data: member }] },
    {
      calls: [
        {
          id: 'wacid.ENDED',
          event: 'terminate',
          status: member,
          timestamp,
          duration: member,
          start_time: member,
          errors: [{ code: member, message: member }],
        },
      ],
    },
    {
      contacts: [{ wa_id: '5215512347777', user_id: member, profile: { name: member } }],
      calls: [{ ...CALL, id: `wacid.NAMED.${MEMBERS.indexOf(member)}`, timestamp }],
    },
    {
      statuses: [
        {
          id: member,
          status: 'failed',
          timestamp,
          recipient_id: '5215512347777',
          errors: [{ code: member }],
          conversation: { id: member },
        },
      ],
    },
    { messages: [{ id: `wamid.${member}`, from: '5215512347777', timestamp: member, type: member }] },
  ]);
  const ahead = ['9999999999', 9_999_999_999].map((time, index) => ({ calls: [{ ...CALL, id: `wacid.AHEAD.${index}`, timestamp: time }] }));
  const corpus = readdirSync(new URL('corpus/', import.meta.url))
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(new URL(`corpus/${name}`, import.meta.url), 'utf8')))
    .filter(({ kind }) => kind === 'webhook')
    .map(({ text, body }) => text ?? JSON.stringify(body));
  const all = [...odd, ...ahead].flatMap((value) => ['calls', 'messages'].map((field) => JSON.stringify(envelope(value, field))));
  return [...BODIES, ...corpus, ...all].flatMap((body, index) => [
    body,
    JSON.stringify(envelope({ calls: [{ ...CALL, id: `wacid.TRUE.${index}`, timestamp }] })),
  ]);
}

interface Told {
  answers: string[];
  calls: unknown[];
  failed: number;
}

async function told(engine: Engine): Promise<Told> {
  const world = await World.open({ engine });
  try {
    const operations = operationsOf((await world.get('/openapi.json')).body);
    const asks = operations
      .filter(({ path }) => path.startsWith('/api/') && !path.startsWith('/api/webhooks'))
      .flatMap((operation) => [...requestsFor(operation)]);
    const answers: string[] = [];
    for (const { method, path, body } of asks) {
      const headers = { authorization: `Bearer ${World.KEY}`, 'content-type': 'application/json' };
      const answer = await fetch(`${world.url}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: Buffer.from(body, 'latin1') }),
      });
      // A stream of events never ends by itself.
      const code = answer.status >= 400 ? ((await answer.json()) as Body).code : await answer.body?.cancel();
      answers.push(`${method} ${path} ${body ?? ''} → ${answer.status} ${code ?? ''}`);
    }
    for (const body of deliveries(world.clock.now())) answers.push(`${body} → ${await world.deliver(body)}`);
    const { read } = world.app.get(Store);
    const calls = await read.selectFrom('calls').select(['wacid', 'state', 'outcome', 'deadline_at']).orderBy('wacid').execute();
    const waiting = await read.selectFrom('deliveries').select('state').where('state', '!=', 'done').execute();
    return { answers, calls: calls.sort((a, b) => String(a.wacid).localeCompare(String(b.wacid))), failed: waiting.length };
  } finally {
    await world.close();
  }
}

describe('the corpora of odd paths, queries, bodies and deliveries', () => {
  const byEngine = new Map<Engine, Told>();
  beforeAll(async () => {
    for (const engine of engines) byEngine.set(engine, await told(engine));
  }, 400_000);
  afterAll(() => byEngine.clear());

  it.each(engines)('are never a fault of ours, on %s', (engine) => {
    const { answers, failed } = byEngine.get(engine) as Told;
    expect(answers.length).toBeGreaterThan(1_000);
    expect(answers.filter((answer) => / → 5\d\d/.test(answer))).toEqual([]);
    expect(failed).toBe(0);
  });

  it('are answered alike on every engine, and the same calls are known', () => {
    const [first, ...others] = engines.map((engine) => byEngine.get(engine) as Told);
    for (const other of others) {
      // A poll is refused while another one runs, which takes as long as the machine needs.
      const different = other.answers.filter((answer, index) => answer !== first?.answers[index]);
      expect(different.filter((answer) => !answer.startsWith('POST /api/compliance/check '))).toEqual([]);
      expect(other.calls).toEqual(first?.calls);
    }
    expect(first?.calls.length).toBeGreaterThan(100);
  });
});
