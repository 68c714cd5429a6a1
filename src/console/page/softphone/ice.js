import { api } from '../api.js';
import { onSession } from '../session.js';

/** @import { IceServer } from '../api-shapes.js' */

/** STUN and TURN servers, from the gateway: the owner configures them for all operators. */

/** A call does not wait longer for them. */
const WAIT_MS = 2_000;
/** Servers without a password that ends are asked for again after this. */
const KEPT_MS = 10 * 60_000;
/** @type {{ servers: IceServer[], until: number }} */
let known = { servers: [], until: 0 };

onSession(() => {
  known = { servers: [], until: 0 };
});

/** @returns {Promise<IceServer[]>} what was known before, or none, when the gateway does not say */
export async function iceServers() {
  if (Date.now() < known.until) return known.servers;
  try {
    const { ice_servers: servers, expires_at: end } = await api('GET', '/api/calling/ice-servers', undefined, {
      signal: AbortSignal.timeout(WAIT_MS),
    });
    const life = end === null ? 2 * KEPT_MS : Date.parse(end) - Date.now();
    // At half of a password's life there is another one, so that it holds for a call that begins now.
    known = { servers, until: Date.now() + life / 2 };
  } catch {
    // A call without them is better than none.
  }
  return known.servers;
}

/** Whether there is a server that carries sound through a firewall. */
export const hasRelay = () => known.servers.some(({ urls }) => urls.some((url) => url.startsWith('turn')));
