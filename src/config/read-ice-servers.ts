import { list, parseJson, record } from '#kernel/read.js';
import { Secret } from '#kernel/secret.js';
import type { Environment } from './environment.js';

/** One server in the shape that browsers take; with a username and a credential of its own, or with neither. */
interface IceServer {
  readonly urls: readonly string[];
  readonly username: string | null;
  readonly credential: Secret | null;
}

/** Records a fault in both languages. */
type Report = (en: string, es: string) => void;

const HOST = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?`;
const STUN = new RegExp(`^stuns?:${HOST}$`);
const TURN = new RegExp(`^turns?:${HOST}(?:\\?transport=(?:udp|tcp))?$`);
/** Browsers ask every server for each call. */
const LIMIT = 8;

/**
 * STUN and TURN servers for softphones: addresses separated by commas, or a JSON list in the shape of browsers. A fault
 * names a server by its position, since the value may contain a password.
 */
export function readIceServers(env: Environment) {
  const written = env.text('ICE_SERVERS') ?? '';
  const turnSecret = env.secret('TURN_SECRET') ?? null;
  const turnMs = env.seconds('TURN_TTL_SECONDS', 14_400, 60, 86_400);
  const fault: Report = (en, es) => env.fault('ICE_SERVERS', en, es);
  const entries = written.startsWith('[') ? list(parseJson(written)) : env.list('ICE_SERVERS');
  if (written.startsWith('[') && parseJson(written) === undefined)
    fault('begins like a JSON list and is none', 'empieza como una lista JSON y no lo es');
  if (entries.length > LIMIT)
    fault(
      `takes at most ${LIMIT} servers: browsers ask each of them for every call`,
      `admite como máximo ${LIMIT} servidores: los navegadores consultan cada uno en cada llamada`,
    );
  const servers = entries.map((entry, index) =>
    serverOf(entry, turnSecret !== null, (en, es) => fault(`server ${index + 1} ${en}`, `servidor ${index + 1} ${es}`)),
  );
  if (turnSecret !== null && !servers.some(({ urls, username }) => username === null && urls.some(isTurn))) {
    env.fault(
      'TURN_SECRET',
      'is set, but ICE_SERVERS names no turn: or turns: server without a password of its own',
      'está configurada, pero ICE_SERVERS no nombra ningún servidor turn: o turns: sin contraseña propia',
    );
  }
  return {
    servers,
    /** Shared with the TURN servers that have no credential of their own. */
    turnSecret,
    /** How long a password made with it is valid. */
    turnMs,
  };
}

function serverOf(entry: unknown, hasSecret: boolean, fault: Report): IceServer {
  const written = record(entry);
  const urls = [written?.urls ?? (typeof entry === 'string' ? entry : [])].flat().map(String);
  const [username, credential] = [written?.username, written?.credential];
  const given = typeof username === 'string' && username !== '' && typeof credential === 'string' && credential !== '';
  const strange = Object.keys(written ?? {}).filter((name) => !['urls', 'username', 'credential'].includes(name));
  if (strange.length)
    fault(`has members that no server has: ${strange.join(', ')}`, `tiene miembros que ningún servidor tiene: ${strange.join(', ')}`);
  if (urls.length === 0 || !urls.every((url) => (STUN.test(url) || TURN.test(url)) && hasPort(url)))
    fault(
      'must be stun:host:port, stuns:host:port, turn:host:port or turns:host:port, the latter two with ?transport=udp or tcp if need be',
      'debe ser stun:host:puerto, stuns:host:puerto, turn:host:puerto o turns:host:puerto; los dos últimos, con ?transport=udp o tcp si hace falta',
    );
  if (!given && (username !== undefined || credential !== undefined))
    fault('needs username and credential, both as texts', 'necesita username y credential, ambos como textos');
  if (given && !urls.some(isTurn))
    fault('is no TURN server and takes no username or credential', 'no es un servidor TURN y no admite username ni credential');
  if (!given && !hasSecret && urls.some(isTurn))
    fault(
      'is a TURN server: give it username and credential as JSON, or set TURN_SECRET',
      'es un servidor TURN: indique username y credential como JSON o configure TURN_SECRET',
    );
  return given ? { urls, username, credential: new Secret(credential) } : { urls, username: null, credential: null };
}

const isTurn = (url: string): boolean => /^turns?:/.test(url);

/** Without a port, or with a valid one. */
const hasPort = (url: string): boolean => {
  const port = /:(\d{1,5})(?:\?|$)/.exec(url.replace(/^\w+:/, '').replace(/\[.*\]/, ''))?.[1];
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
};
