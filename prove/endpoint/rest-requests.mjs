const LONG = 3_000;
const PERSON = '5215500000001';

/** What a caller may put where a value belongs: some of it valid, so that requests come far. */
const VALUES = [
  ...[null, true, false, -1, 0, 1, 7, 3.5, 1e308, 2 ** 31, 2 ** 53, '', ' ', '0', '-1', '1e308', 'true', 'null'],
  ...['\u0000', 'a\u0000b', '\ud800', '\u202e', '🫖', '__proto__', 'constructor', '../..', "' or 1=1--", '9'.repeat(400), 'x'.repeat(LONG)],
  ...[[], {}, [[]], [null], { toString: 1 }, { '\u0000': 1 }, ['\u0000']],
  ...[PERSON, `+${PERSON}`, 'MX.1000000000000001', 'never', 'calls:read', ['calls:read'], 'call.incoming', ['call.incoming']],
  ...['2026-11-28T12:00:00Z', '9999-12-31T23:59:59Z', 'call_00000000000000000000000000', 'https://example.com/hook'],
  { sdp_type: 'offer', sdp: 'v=0\r\n' },
];
const CURSOR_PARTS = [0, -1, 1, 2 ** 31, 9e15, '', 'x', '\u0000', null, 'key_0000000000'];
const HEADERS = {
  accept: ['*/*', 'text/csv', 'text/html', 'application/json;q=0', 'nonsense', ''],
  'accept-language': ['es', 'en', 'xx', '*', 'es;q=9', 'a'.repeat(300)],
  'content-type': [
    'application/json',
    'application/json; charset=utf-16',
    'text/plain',
    'application/x-www-form-urlencoded',
    'nonsense',
    '',
  ],
  'idempotency-key': ['a', 'b', '', ' ', 'é', 'k'.repeat(256)],
  'last-event-id': ['evt_0', '', 'evt_'.padEnd(26, 'z')],
  'if-none-match': ['*', '"x"'],
  origin: ['null', 'https://evil.example'],
  cookie: ['wac=x', ';;', `wac=${'0'.repeat(54)}`],
};

/**
 * Every operation of the API, as its OpenAPI document describes it, but the webhook's.
 * @returns {Array<{ method: string, path: string, queries: string[], members: string[] }>}
 */
export function operationsOf(document) {
  const schemaOf = (schema) => (schema?.$ref ? document.components.schemas[schema.$ref.split('/').pop()] : schema);
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(() => !path.startsWith('/api/webhooks'))
      .map(([method, { parameters = [], requestBody }]) => ({
        method: method.toUpperCase(),
        path,
        queries: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
        members: Object.keys(schemaOf(requestBody?.content?.['application/json']?.schema)?.properties ?? {}),
      })),
  );
}

/** A request that nobody has thought of. @param {import('../random.mjs').Random} random */
export function oddRequest({ method, path, queries, members }, random) {
  const filled = path.replace(/\{\w+\}/g, () => inUrl(random));
  const query = Array.from({ length: random.between(0, 3) }, () => pairIn(queries, random)).join('&');
  const headers = {};
  for (const [name, values] of Object.entries(HEADERS)) if (random.chance(0.15)) headers[name] = random.pick(values);
  const body = method === 'GET' || random.chance(0.1) ? undefined : bodyOf(members, random);
  return { method, path: `${filled}${query && `?${query}`}`, headers, body };
}

const inUrl = (random) => {
  const value = random.pick(VALUES);
  const text = typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value);
  return random.chance(0.05) ? random.pick(['%', '%zz', '%ED%A0%80', '%00', ';', '//']) : encodeURIComponent(text.slice(0, 600));
};

function pairIn(queries, random) {
  const name = random.chance(0.9) && queries.length ? random.pick(queries) : inUrl(random);
  if (name !== 'cursor' || random.chance(0.3)) return `${name}=${inUrl(random)}`;
  const parts = Array.from({ length: random.between(0, 3) }, () => random.pick(CURSOR_PARTS));
  return `cursor=${Buffer.from(JSON.stringify(parts)).toString('base64url')}`;
}

function bodyOf(members, random) {
  const way = random.between(0, 9);
  if (way === 0) return Buffer.from(Array.from({ length: random.between(0, 200) }, () => random.between(0, 255)));
  if (way === 1) return Buffer.from('['.repeat(random.between(1, LONG)));
  if (way === 2) return Buffer.from(JSON.stringify(random.pick(VALUES)));
  const body = {};
  for (const member of members) if (random.chance(0.6)) body[member] = random.pick(VALUES);
  if (random.chance(0.1)) body[random.pick(['__proto__', '\u0000', 'constructor', 'more'])] = random.pick(VALUES);
  return Buffer.from(JSON.stringify(body));
}
