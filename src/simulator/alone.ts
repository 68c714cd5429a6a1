import fastify from 'fastify';
import { SystemClock } from '#kernel/clock.js';
import { type AloneSettings, readAloneSettings } from './alone-settings.js';
import { simulatorPlugin } from './plugin.js';
import { Simulator } from './simulator.js';

/** The simulator alone: `npm run simulator`, and the image with the command `simulator`. */
async function run(env: NodeJS.ProcessEnv): Promise<void> {
  const settings = readAloneSettings(env);
  if (typeof settings === 'string') {
    process.stderr.write(`${settings}\n`);
    process.exitCode = 78;
    return;
  }
  const { access, host, port, webhookUrl, webhookToken } = settings;
  const simulator = new Simulator({ clock: new SystemClock(), ...settings, media: settings.seed === undefined });
  const app = fastify();
  await app.register(simulatorPlugin, { prefix: '/simulator', simulator, access });
  app.get('/', async (_request, reply) => reply.redirect('/simulator'));
  // What the health check of the image reads.
  app.get('/health/ready', async () => ({ status: 'ok' }));
  simulator.delivery.signingSecret = settings.signingSecret ?? null;
  if (webhookUrl) simulator.registerWebhook(webhookUrl, webhookToken ? { Authorization: `Bearer ${webhookToken}` } : {});
  const address = await app.listen({ host, port });
  simulator.start();
  process.stdout.write(banner(address, settings, simulator));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close());
}

const banner = (address: string, { webhookUrl, apiKey, access }: AloneSettings, { app, identity }: Simulator): string =>
  [
    'Simulator of 360dialog, Meta and WhatsApp users. Nobody here is real.',
    `  page          ${address}/simulator`,
    `  phone         ${address}/simulator/phone?user=ana`,
    `  control API   ${address}/simulator/api/openapi.json`,
    `  D360_BASE_URL ${address}/simulator/360dialog`,
    `  D360_API_KEY  ${apiKey}`,
    `  webhooks      ${webhookUrl ?? 'none registered: set SIMULATOR_WEBHOOK_URL, or POST /v1/configs/webhook'}`,
    'As Meta itself, for programs that know no 360dialog:',
    `  base URL      ${address}/simulator/graph`,
    `  access token  ${apiKey}`,
    `  phone number  ${identity.phoneNumberId}`,
    `  app           ${app.id}`,
    `  app secret    ${app.secret}`,
    ...(access.clients === null ? [] : [`Answers ${['this machine', ...access.clients].join(', ')}; SIMULATOR_CLIENTS names others.`]),
    '',
  ].join('\n');

await run(process.env);
