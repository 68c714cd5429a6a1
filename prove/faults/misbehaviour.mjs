const JSON_TYPE = { 'content-type': 'application/json' };
const HTML = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

const say =
  (status, body, headers = JSON_TYPE) =>
  (response) =>
    response.writeHead(status, headers).end(body);
const metaError = (code, message) => JSON.stringify({ error: { message, type: 'OAuthException', code, fbtrace_id: 'AProve' } });
const raw =
  (text, end = true) =>
  (response) => {
    response.socket.write(text);
    if (end) response.socket.end();
  };

/**
 * The ways in which an upstream can fail its caller: a name, and what it does with the response. None of them says yes, but for
 * `early hints`, which says so late.
 * @type {Array<[string, (response: import('node:http').ServerResponse, yes: object) => void]>}
 */
export const MISBEHAVIOURS = [
  ['never answers', () => undefined],
  ['closes without a word', (response) => response.destroy()],
  ['resets the connection', (response) => response.socket.resetAndDestroy()],
  ['answers in drops', (response) => drip(response)],
  [
    'closes after the head',
    (response) => response.writeHead(200, { ...JSON_TYPE, 'content-length': 400 }).flushHeaders() ?? response.destroy(),
  ],
  ['cuts the body off', raw('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"calls":[{"id":"wac')],
  ['cuts a chunk off', raw('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"calls"')],
  ['speaks no HTTP', raw('SSH-2.0-OpenSSH_9.2\r\n')],
  ['names two lengths', raw('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}')],
  ['sends 5 MB', (response) => response.writeHead(200, JSON_TYPE).end(`{"pad":"${'x'.repeat(5_000_000)}"}`)],
  ['says 200 with nothing', say(200, '')],
  ['says 200 with HTML', say(200, HTML, { 'content-type': 'text/html' })],
  ['says 200 with half a JSON', say(200, '{"calls":[{"id":')],
  ['says 200 with null', say(200, 'null')],
  ['says 200 with a list', say(200, '[]')],
  ['says 200 with a number', say(200, '7')],
  ['says 200 with an empty object', say(200, '{}')],
  ['says 200 with success false', say(200, '{"success":false}')],
  ['says 200 with an error inside', say(200, metaError(131000, 'Something went wrong'))],
  ['says 200 with odd types', say(200, '{"calls":{"id":7},"messages":"x","success":"yes","permission":[],"calling":3}')],
  ['says 200 in UTF-16', (response) => response.writeHead(200, JSON_TYPE).end(Buffer.from('{"success":true}', 'utf16le'))],
  ['says it is gzip and is not', say(200, '{"success":true}', { ...JSON_TYPE, 'content-encoding': 'gzip' })],
  ['says 204', say(204, undefined, {})],
  ['redirects', say(302, '', { location: 'http://127.0.0.1:9/elsewhere' })],
  ['says 400 of Meta', say(400, metaError(131009, 'Parameter value is not valid'))],
  ['says 400 without a code', say(400, '{"meta":{"developer_message":"Bad request"}}')],
  ['says 400 with HTML', say(400, HTML)],
  ['says 400 of its own rate', say(400, '{"meta":{"http_code":400,"developer_message":"Rate limit exceeded"}}')],
  ['says 401', say(401, '{"meta":{"http_code":401,"developer_message":"Invalid api key"}}')],
  ['says 403', say(403, '{}')],
  ['says 404', say(404, 'not found', { 'content-type': 'text/plain' })],
  ['says 429, again in 2 s', say(429, '{}', { ...JSON_TYPE, 'retry-after': '2' })],
  ['says 429, again at a date', say(429, '{}', { ...JSON_TYPE, 'retry-after': new Date(Date.now() + 5_000).toUTCString() })],
  ['says 429, never again', say(429, '{}', { ...JSON_TYPE, 'retry-after': '999999999999' })],
  ['says 429, again before now', say(429, '{}', { ...JSON_TYPE, 'retry-after': '-5' })],
  ['says 429 and no more', say(429, '')],
  ['says 500 of Meta', say(500, metaError(1, 'An unknown error has occurred.'))],
  ['says 500 with HTML', say(500, HTML)],
  ['says 503, again in 1 s', say(503, '', { 'retry-after': '1' })],
  ['says 504', say(504, HTML)],
  ['says 999', raw('HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n')],
];

function drip(response) {
  response.writeHead(200, { ...JSON_TYPE, 'content-length': 10_000 });
  const timer = setInterval(() => (response.destroyed ? clearInterval(timer) : response.write(' ')), 50);
}
