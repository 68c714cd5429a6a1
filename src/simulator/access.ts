import { BlockList, isIP } from 'node:net';
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';

/** Who may use the simulator, beside this machine. */
export interface SimulatorAccess {
  /** Names by which pages and the control API may be addressed, beside those of this machine. */
  hosts: readonly string[];
  /** Addresses and networks that are answered beside this machine; null for every address. */
  clients: readonly string[] | null;
}

/** Every address, under the names of this machine. */
export const OPEN_TO_THIS_MACHINE: SimulatorAccess = { hosts: [], clients: null };

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

type Hook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;

/** Answers only the listed clients and this machine: a proxy on this machine speaks for others. */
export function onlyClients({ clients }: SimulatorAccess): Hook {
  if (clients === null) return (_request, _reply, done) => done();
  const listed = new BlockList();
  for (const client of clients) addTo(listed, client);
  return ({ raw: { socket, headers }, url }, reply, done) => {
    const { remoteAddress = '', localAddress } = socket;
    const isOwn = contains(loopback, remoteAddress) || remoteAddress === localAddress;
    const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
    if (contains(listed, remoteAddress) || (isOwn && !isForwarded)) done();
    else refuse(reply, url, 'in production the simulator answers this machine alone', 'SIMULATOR_CLIENTS names other addresses');
  };
}

/**
 * Refuses requests under a foreign name and from foreign pages: a page of the internet may lead a name of its own to this
 * machine, and may post to it.
 */
export function onlyOwnPages({ hosts }: SimulatorAccess): Hook {
  const names = new Set(hosts.map((host) => host.toLowerCase()));
  return ({ raw: { socket, headers }, url }, reply, done) => {
    const host = headers.host?.toLowerCase() ?? '';
    const name = hostnameOf(`http://${host}`);
    if (name === null || !(isThisMachine(name) || names.has(name) || name === socket.localAddress)) {
      return refuse(reply, url, 'this name in the header Host is not one of the simulator', 'PUBLIC_URL or SIMULATOR_HOSTS names it');
    }
    if (headers.origin !== undefined && !isSameHost(headers.origin, host)) {
      return refuse(reply, url, 'a page of another origin may not use the simulator', 'open the page of the simulator itself');
    }
    done();
  };
}

function refuse(reply: FastifyReply, path: string, message: string, hint: string): void {
  void reply.code(403).send({ error: { status: 403, message, hint, path } });
}

const isThisMachine = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost') || contains(loopback, name);

/** Without the brackets of IPv6; null when it is no URL. */
const hostnameOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : null);

/** Behind a proxy with TLS the schemes differ, and the default ports with them. */
function isSameHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return /^https?:$/.test(url.protocol) && url.host === new URL(`${url.protocol}//${host}`).host;
}

function addTo(addresses: BlockList, written: string): void {
  const [address = '', bits] = written.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (bits === undefined) addresses.addAddress(address, family);
  else addresses.addSubnet(address, Number(bits), family);
}

function contains(addresses: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && addresses.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
