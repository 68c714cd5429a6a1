import { networkInterfaces } from 'node:os';
import { transportOf } from '#simulator/world/sdp.js';

/** Networks of examples, RFC 5737 and 3849: no packet ever arrives there. */
const DOCUMENTATION = /^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:0?db8:)/i;

const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.map(({ address }) => address));

/**
 * Whether media can reach this SDP: not when it has no UDP candidate, as typed by hand, or only addresses of documentation
 * networks, unless one of them is this machine's own.
 */
export const isReachable = (sdp: string, own: () => readonly string[] = ownAddresses): boolean =>
  transportOf(sdp)
    .candidates.map((candidate) => candidate.split(' ')[4] ?? '')
    .some((address) => address !== '' && (!DOCUMENTATION.test(address) || own().includes(address)));
