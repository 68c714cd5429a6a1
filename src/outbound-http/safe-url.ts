import { BlockList, isIP } from 'node:net';

/**
 * Which addresses a consumer may have us connect to: ours is a server inside somebody's network, and a URL of a stranger
 * must not become a way in (server-side request forgery).
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
 */
const MAX_LENGTH = 2_048;

/** Below 1024 only HTTPS itself; above, not where databases, caches and control planes listen. */
const LOW_PORTS = new Set([443]);
const DENIED_PORTS = new Set([
  1080, 1433, 1521, 1883, 2049, 2181, 2375, 2376, 2379, 2380, 3128, 3268, 3269, 3306, 3389, 4444, 4789, 5000, 5432, 5601, 5672, 5900, 5984,
  5985, 5986, 6000, 6379, 6443, 6660, 6667, 7001, 8086, 8125, 8500, 9042, 9090, 9092, 9200, 9300, 10_250, 10_255, 11_211, 15_672, 27_017,
]);

const DENIED_NAMES = ['localhost', 'local', 'localdomain', 'internal', 'intranet', 'lan', 'home', 'corp', 'private', 'home.arpa'];

/** Line breaks, tabs and the other control characters of ASCII and Latin-1. */
const CONTROL = /\p{Cc}/u;
const NO_CONTROL_ES = 'no debe contener saltos de línea, tabulaciones ni otros caracteres de control';

const fault = (en: string, es: string): UrlFault => ({ en, es });

/** Special-purpose ranges of IPv4. @see https://www.iana.org/assignments/iana-ipv4-special-registry */
const DENIED_V4: ReadonlyArray<[string, number]> = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/**
 * Addresses that look public and lead inside the network of a cloud.
 * @see https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 the host of an Azure machine: it answers
 * with the goal state, certificates included
 * @see https://cloud.ibm.com/docs/vpc?topic=vpc-service-endpoints-for-vpc services of IBM Cloud that only its machines reach
 */
const DENIED_CLOUD_V4: ReadonlyArray<[string, number]> = [
  ['168.63.129.16', 32],
  ['161.26.0.0', 16],
  ['166.8.0.0', 14],
];

/** Within 2000::/3, which is all of global unicast; what lies outside is denied as a whole. */
const DENIED_V6: ReadonlyArray<[string, number]> = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

const denied = new BlockList();
const global = new BlockList();
for (const [net, prefix] of [...DENIED_V4, ...DENIED_CLOUD_V4]) denied.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of DENIED_V6) denied.addSubnet(net, prefix, 'ipv6');
global.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address is one of the public internet; anything that is no address is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !denied.check(address, 'ipv4');
  return family === 6 && !address.includes('%') && global.check(address, 'ipv6') && !denied.check(address, 'ipv6');
}

/** The host of a URL as the resolver gets it: without the brackets of IPv6 and without the dot of the root. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');

/** What is wrong with a URL, to be said after its name. */
export interface UrlFault {
  en: string;
  es: string;
}

/**
 * Why a target is refused; null when it may be called, as far as the text alone can say. A name must besides resolve to
 * public addresses only, at every single connection.
 * @param allowPrivate for development: http: and private targets, too
 */
export function faultOfTarget(text: string, allowPrivate: boolean): UrlFault | null {
  if (text.length > MAX_LENGTH) return fault(`must be at most ${MAX_LENGTH} characters`, `debe tener como máximo ${MAX_LENGTH} caracteres`);
  // The parser drops these characters: the URL that is kept and shown would not be the one that is called.
  if (CONTROL.test(text)) return fault('must not contain line breaks, tabs or other control characters', NO_CONTROL_ES);
  if (!URL.canParse(text)) return fault('must be an absolute URL', 'debe ser una URL absoluta');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:'))
    return fault('must be an https: URL', 'debe ser una URL https:');
  if (url.username || url.password) return fault('must not contain a user name or a password', 'no debe contener usuario ni contraseña');
  return allowPrivate ? null : (faultOfPort(url) ?? faultOfHost(hostOf(url)));
}

function faultOfPort({ port }: URL): UrlFault | null {
  const number = port === '' ? 443 : Number(port);
  const fine = number >= 1_024 ? !DENIED_PORTS.has(number) : LOW_PORTS.has(number);
  return fine ? null : fault(`must not use port ${number}`, `no debe usar el puerto ${number}`);
}

function faultOfHost(host: string): UrlFault | null {
  if (isIP(host))
    return isPublicAddress(host)
      ? null
      : fault('must not be a private or reserved address', 'no debe ser una dirección privada o reservada');
  const labels = host.split('.');
  if (labels.length < 2 || labels.includes('')) return fault('must be a full domain name', 'debe ser un nombre de dominio completo');
  const inside = DENIED_NAMES.some((name) => host === name || host.endsWith(`.${name}`));
  return inside ? fault('must not be a name of a private network', 'no debe ser un nombre de una red privada') : null;
}

/** A name that looks public and leads inside. */
export const PRIVATE_NAME = fault(
  'must not be a name of a private or reserved address',
  'no debe ser un nombre de una dirección privada o reservada',
);

/** A URL that may be shown: the values of its query, and what stands before its host, can be secrets. */
export const withoutQueryValues = (url: string): string =>
  url.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, '$1[redacted]@').replace(/([?&][^=&#]*=)[^&#]*/g, '$1[redacted]');
