import { readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';

const FOLDER = new URL('./page/', import.meta.url);
const TYPES = {
  'index.html': 'text/html; charset=utf-8',
  'phone.css': 'text/css; charset=utf-8',
  'phone.js': 'text/javascript; charset=utf-8',
  'media.js': 'text/javascript; charset=utf-8',
  'texts.js': 'text/javascript; charset=utf-8',
} as const;

/** Everything from here, nothing inline, in nobody's frame, and no text that becomes markup. */
const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'permissions-policy': 'microphone=(self), camera=(), geolocation=()',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** The page that plays one WhatsApp user, at `/phone`; its files below. */
export async function phonePage(app: FastifyInstance): Promise<void> {
  const send = async (reply: FastifyReply, name: keyof typeof TYPES): Promise<FastifyReply> =>
    reply
      .headers(HEADERS)
      .type(TYPES[name])
      .send(await readFile(new URL(name, FOLDER)));
  app.get('/phone', async (_request, reply) => send(reply, 'index.html'));
  for (const name of ['phone.css', 'phone.js', 'media.js', 'texts.js'] as const) {
    app.get(`/phone/${name}`, async (_request, reply) => send(reply, name));
  }
}
