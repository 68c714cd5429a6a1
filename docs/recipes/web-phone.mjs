// Your own web phone: serves its page, and hands the page short-lived tokens so that no API key is ever in a browser.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { ask, Refusal } from './parts/gateway.mjs';

const { PORT = 4102, GATEWAY_URL = 'http://127.0.0.1:3000' } = process.env;
const SCOPES = ['calls:dial', 'calls:control', 'calls:read'];
const TYPES = { 'web-phone.html': 'text/html; charset=utf-8', 'web-phone.page.js': 'text/javascript; charset=utf-8' };

/** Here belongs your own sign-in: a browser that gets a token may call for as long as it lives. */
const maySignIn = (request) => request.headers['sec-fetch-site'] === 'same-origin';

async function answer(request) {
  const name = request.url === '/' ? 'web-phone.html' : request.url.slice(1);
  if (TYPES[name]) return [200, TYPES[name], await readFile(new URL(name, import.meta.url))];
  if (request.method !== 'POST' || request.url !== '/token') return [404, 'text/plain', 'There is nothing here.'];
  if (!maySignIn(request)) return [403, 'text/plain', 'Only the page itself gets a token.'];
  const { token, expires_at } = await ask('/api/tokens', { scopes: SCOPES, ttl_seconds: 900 });
  return [200, 'application/json', JSON.stringify({ gateway: GATEWAY_URL, token, expires_at })];
}

createServer(async (request, response) => {
  const [status, type, body] = await answer(request).catch((error) =>
    error instanceof Refusal ? [error.problem.status, 'text/plain; charset=utf-8', error.message] : [502, 'text/plain', 'No answer.'],
  );
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
}).listen(PORT, '127.0.0.1', () => console.log(`Ready at http://127.0.0.1:${PORT}/; this origin must stand in CORS_ORIGINS`));
