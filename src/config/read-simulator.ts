import { randomBytes } from 'node:crypto';
import { Secret } from '#kernel/secret.js';
import type { Environment } from './environment.js';
import { readNetworks } from './network.js';

/** The histories of the simulator; `none` is an empty one. */
export const SIMULATOR_HISTORIES = ['growing', 'reached', 'stalled', 'restricted', 'fresh', 'none'] as const;

/** The key of the built-in simulator: one that no process but this one knows, unless the operator names it. */
export const readSimulatorKey = (env: Environment): Secret =>
  env.secret('SIMULATOR_API_KEY', 16) ?? new Secret(randomBytes(32).toString('base64url'));

/** Who may use the built-in simulator, and where it delivers to; unused in live mode. */
export function readSimulator(env: Environment, publicUrl: string, host: string) {
  // A default made of the host `::` is no URL.
  const own = URL.canParse(publicUrl) ? new URL(publicUrl) : null;
  const clients = readNetworks(env, 'SIMULATOR_CLIENTS', env.list('SIMULATOR_CLIENTS'));
  return {
    /** Names in the header `Host`, beside those of this machine. */
    hosts: [...(own ? [own.hostname] : []), host, ...env.list('SIMULATOR_HOSTS')],
    /** In production the addresses that are answered beside this machine; null for every address. */
    clients: env.text('NODE_ENV') === 'production' ? clients : null,
    /** Where a webhook may be registered, beside the gateway itself. */
    webhookOrigins: [...(own ? [own.origin] : []), ...readOrigins(env)],
    /** The secret of the simulated app at Meta; a random one when left out. */
    appSecret: env.secret('SIMULATOR_APP_SECRET', 16),
  };
}

function readOrigins(env: Environment): string[] {
  const origins = env.list('SIMULATOR_WEBHOOK_ORIGINS');
  const wrong = origins.find((origin) => !URL.canParse(origin) || !/^https?:$/.test(new URL(origin).protocol));
  if (wrong !== undefined)
    env.fault(
      'SIMULATOR_WEBHOOK_ORIGINS',
      'must list origins such as https://gateway.example.com',
      'debe contener orígenes como https://gateway.example.com',
    );
  return wrong === undefined ? origins.map((origin) => new URL(origin).origin) : [];
}
