import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { SimulatorAccess } from './access.js';
import { isOriginPattern } from './webhooks/origins.js';

const THIS_MACHINE = ['127.0.0.1', '::1', 'localhost'];
/** Where gateways and the servers of tests listen unless they are set to listen elsewhere. */
const USUAL_ORIGINS = 'http://127.0.0.1:*,http://localhost:*';

/** How the simulator alone is set. */
export type AloneSettings = ReturnType<typeof read>;

/** @returns the settings, or one sentence about what is wrong with them */
export function readAloneSettings(env: NodeJS.ProcessEnv): AloneSettings | string {
  const settings = read(env);
  return faultOf(settings) ?? settings;
}

function read(env: NodeJS.ProcessEnv) {
  const host = set(env.SIMULATOR_HOST) ?? set(env.HOST) ?? '127.0.0.1';
  const webhookUrl = set(env.SIMULATOR_WEBHOOK_URL);
  // On a network it answers this machine and the named clients alone, as it does in production.
  const isClosed = env.NODE_ENV === 'production' || !THIS_MACHINE.includes(host);
  const clients = listOf(env.SIMULATOR_CLIENTS);
  const access: SimulatorAccess = { hosts: listOf(env.SIMULATOR_HOSTS), clients: isClosed ? clients : null };
  return {
    host,
    port: Number(env.SIMULATOR_PORT ?? env.PORT ?? 3360),
    clients,
    access,
    apiKey: set(env.SIMULATOR_API_KEY) ?? randomBytes(32).toString('base64url'),
    appSecret: set(env.SIMULATOR_APP_SECRET),
    /** Ids and SDP follow from it. */
    seed: set(env.SIMULATOR_SEED),
    webhookUrl,
    webhookToken: set(env.SIMULATOR_WEBHOOK_TOKEN),
    signingSecret: set(env.SIMULATOR_WEBHOOK_SIGNING_SECRET),
    webhookOrigins: listOf(env.SIMULATOR_WEBHOOK_ORIGINS ?? (webhookUrl === undefined ? USUAL_ORIGINS : '')),
  };
}

const set = (written: string | undefined): string | undefined => written?.trim() || undefined;
const listOf = (written = ''): string[] => written.split(',').flatMap((part) => part.trim() || []);

function faultOf({ port, clients, webhookOrigins }: AloneSettings): string | null {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return 'SIMULATOR_PORT must be a port, 0 to 65535';
  if (clients.some((client) => isIP(client.split('/', 1)[0] ?? '') === 0))
    return 'SIMULATOR_CLIENTS must list addresses or networks such as 10.0.0.0/8';
  if (!webhookOrigins.every(isOriginPattern))
    return 'SIMULATOR_WEBHOOK_ORIGINS must list origins such as http://127.0.0.1:4000 or http://127.0.0.1:*';
  return null;
}
