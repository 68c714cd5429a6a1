import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import fastify from 'fastify';
import { SystemClock } from '#kernel/clock.js';
import { simulatorPlugin } from './plugin.js';
import { Simulator } from './simulator.js';

const HOST = '127.0.0.1';
/** Where a gateway listens unless it is set to listen elsewhere. */
const USUAL_GATEWAY = 'http://127.0.0.1:3000,http://localhost:3000';

/** The simulator alone: `npm run simulator`. Listens on this machine only. */
async function run(env: NodeJS.ProcessEnv): Promise<void> {
  const port = Number(env.SIMULATOR_PORT ?? env.PORT ?? 3360);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    process.stderr.write('SIMULATOR_PORT must be a port, 0 to 65535\n');
    process.exitCode = 78;
    return;
  }
  const clients = listOf(env.SIMULATOR_CLIENTS);
  if (clients.some((client) => isIP(client.split('/', 1)[0] ?? '') === 0)) {
    process.stderr.write('SIMULATOR_CLIENTS must list addresses or networks such as 10.0.0.0/8\n');
    process.exitCode = 78;
    return;
  }
  const apiKey = env.SIMULATOR_API_KEY?.trim() || randomBytes(32).toString('base64url');
  const { SIMULATOR_WEBHOOK_URL: url, SIMULATOR_WEBHOOK_TOKEN: token, SIMULATOR_WEBHOOK_SIGNING_SECRET: secret } = env;
  const webhookOrigins = listOf(env.SIMULATOR_WEBHOOK_ORIGINS ?? (url ? '' : USUAL_GATEWAY));
  const simulator = new Simulator({ clock: new SystemClock(), apiKey, webhookOrigins });
  const access = { hosts: listOf(env.SIMULATOR_HOSTS), clients: env.NODE_ENV === 'production' ? clients : null };
  const app = fastify();
  await app.register(simulatorPlugin, { prefix: '/simulator', simulator, access });
  app.get('/', async (_request, reply) => reply.redirect('/simulator'));
  simulator.delivery.signingSecret = secret?.trim() || null;
  if (url) simulator.registerWebhook(url, token ? { Authorization: `Bearer ${token}` } : {});
  const address = await app.listen({ host: HOST, port });
  simulator.start();
  process.stdout.write(banner(address, url, apiKey));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close());
}

const listOf = (written = ''): string[] => written.split(',').flatMap((part) => part.trim() || []);

const banner = (address: string, webhook: string | undefined, apiKey: string): string =>
  [
    'Simulator of 360dialog, Meta and WhatsApp users. Nobody here is real.',
    `  page          ${address}/simulator`,
    `  phone         ${address}/simulator/phone?user=ana`,
    `  control API   ${address}/simulator/api/openapi.json`,
    `  D360_BASE_URL ${address}/simulator/360dialog`,
    `  D360_API_KEY  ${apiKey}`,
    `  webhooks      ${webhook ?? 'none registered: set SIMULATOR_WEBHOOK_URL, or POST /v1/configs/webhook'}`,
    '',
  ].join('\n');

await run(process.env);
