import fastify from 'fastify';
import { SystemClock } from '#kernel/clock.js';
import { simulatorPlugin } from './plugin.js';
import { Simulator } from './simulator.js';

const HOST = '127.0.0.1';
const API_KEY = 'simulator-key';

/** The simulator alone: `npm run simulator`. Listens on this machine only. */
async function run(env: NodeJS.ProcessEnv): Promise<void> {
  const port = Number(env.SIMULATOR_PORT ?? env.PORT ?? 3360);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    process.stderr.write('SIMULATOR_PORT must be a port, 0 to 65535\n');
    process.exitCode = 78;
    return;
  }
  const simulator = new Simulator({ clock: new SystemClock(), apiKey: API_KEY });
  const app = fastify();
  await app.register(simulatorPlugin, { prefix: '/simulator', simulator });
  app.get('/', async (_request, reply) => reply.redirect('/simulator'));
  const { SIMULATOR_WEBHOOK_URL: url, SIMULATOR_WEBHOOK_TOKEN: token } = env;
  if (url) simulator.registerWebhook(url, token ? { Authorization: `Bearer ${token}` } : {});
  const address = await app.listen({ host: HOST, port });
  simulator.start();
  process.stdout.write(banner(address, url));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close());
}

const banner = (address: string, webhook: string | undefined): string =>
  [
    'Simulator of 360dialog, Meta and WhatsApp users. Nobody here is real.',
    `  page          ${address}/simulator`,
    `  phone         ${address}/simulator/phone?user=ana`,
    `  control API   ${address}/simulator/api/openapi.json`,
    `  D360_BASE_URL ${address}/simulator/360dialog`,
    `  D360_API_KEY  ${API_KEY}`,
    `  webhooks      ${webhook ?? 'none registered: set SIMULATOR_WEBHOOK_URL, or POST /v1/configs/webhook'}`,
    '',
  ].join('\n');

await run(process.env);
