import { readFile } from 'node:fs/promises';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { SIMULATOR_PAGE_HEADERS } from '#simulator/page-headers.js';

const FOLDER = new URL('./page/', import.meta.url);
const TYPES = {
  'index.html': 'text/html; charset=utf-8',
  'phone.css': 'text/css; charset=utf-8',
  'phone.js': 'text/javascript; charset=utf-8',
  'media.js': 'text/javascript; charset=utf-8',
  'texts.js': 'text/javascript; charset=utf-8',
} as const;

/** The page that plays one WhatsApp user, at `/phone`; its files below. */
export async function phonePage(app: FastifyInstance): Promise<void> {
  const send = async (reply: FastifyReply, name: keyof typeof TYPES): Promise<FastifyReply> =>
    reply
      .headers(SIMULATOR_PAGE_HEADERS)
      .type(TYPES[name])
      .send(await readFile(new URL(name, FOLDER)));
  app.get('/phone', async (_request, reply) => send(reply, 'index.html'));
  for (const name of ['phone.css', 'phone.js', 'media.js', 'texts.js'] as const) {
    app.get(`/phone/${name}`, async (_request, reply) => send(reply, name));
  }
}
