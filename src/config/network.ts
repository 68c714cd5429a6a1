import { isIP } from 'node:net';
import type { Environment } from './environment.js';

/** Addresses or networks, separated by commas. */
export function readNetworks(env: Environment, name: string, written: readonly string[]): string[] {
  const wrong = written.find((network) => !isNetwork(network));
  if (wrong !== undefined)
    env.fault(
      name,
      `must list addresses or networks such as 10.0.0.0/8, not "${wrong}"`,
      `debe contener direcciones o redes como 10.0.0.0/8, no "${wrong}"`,
    );
  return wrong === undefined ? [...written] : [];
}

function isNetwork(written: string): boolean {
  const [address = '', bits, ...rest] = written.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128));
}
