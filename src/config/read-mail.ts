import { Secret } from '#kernel/secret.js';
import type { Environment } from './environment.js';

/** How mails are handed over. */
export interface MailServer {
  host: string;
  port: number;
  /** TLS from the first byte; otherwise STARTTLS. */
  secure: boolean;
  /** Null for a server that asks for no name. */
  user: string | null;
  password: Secret | null;
  /** Whether STARTTLS is a must: a password leaves the machine in no other way. */
  requireTls: boolean;
  /** The sender, such as `reports@example.com`, with its name. */
  from: { name: string; address: string };
}

const ADDRESS = /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]{1,255}$/;
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);
const PORTS = { 'smtp:': 587, 'smtps:': 465 } as const;

/** What the settings say of mail. A fault contains no part of `SMTP_URL`, which holds a password. */
export function readMail(env: Environment) {
  const domains = env.list('REPORT_RECIPIENTS').map((domain) => domain.toLowerCase().replace(/^@/, ''));
  if (!domains.every((domain) => DOMAIN.test(domain))) {
    env.fault(
      'REPORT_RECIPIENTS',
      'must be domains separated by commas, such as example.com,example.org',
      'debe ser una lista de dominios separados por comas, como example.com,example.org',
    );
  }
  return { server: readServer(env), confirmedDomains: domains as readonly string[] };
}

function readServer(env: Environment): MailServer | null {
  const written = env.text('SMTP_URL');
  const from = env.text('MAIL_FROM');
  if (written === undefined) {
    if (from !== undefined) env.fault('SMTP_URL', 'is missing while MAIL_FROM is set', 'falta, aunque MAIL_FROM está configurada');
    return null;
  }
  const url = URL.canParse(written) ? new URL(written) : null;
  const port = url && PORTS[url.protocol as keyof typeof PORTS];
  if (!url || !port || url.hostname === '' || url.search !== '' || url.pathname.length > 1 || url.hash !== '') {
    env.fault(
      'SMTP_URL',
      'must be smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465, with nothing behind it (a special character of the password as %40)',
      'debe ser smtp://USUARIO:CONTRASEÑA@SERVIDOR:587 o smtps://USUARIO:CONTRASEÑA@SERVIDOR:465, sin nada más (los caracteres especiales de la contraseña, como %40)',
    );
    return null;
  }
  const [user, password] = [unescaped(url.username), unescaped(url.password)];
  const sender = senderOf(from ?? user ?? '');
  if (!sender) {
    env.fault(
      'MAIL_FROM',
      'must be an address such as reports@example.com or Reports <reports@example.com>; SMTP_URL names none that can be used',
      'debe ser una dirección como informes@example.com o Informes <informes@example.com>; SMTP_URL no contiene ninguna utilizable',
    );
    return null;
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? port : Number(url.port),
    secure: url.protocol === 'smtps:',
    user,
    password: password === null ? null : new Secret(password),
    requireTls: password !== null && !LOOPBACK.has(url.hostname),
    from: sender,
  };
}

function senderOf(text: string): MailServer['from'] | null {
  const [, name = '', address = text] = /^(.*)<([^<>]+)>$/.exec(text) ?? [];
  return ADDRESS.test(address.trim()) && !/\p{Cc}/u.test(text)
    ? { name: name.trim().replace(/^"|"$/g, ''), address: address.trim() }
    : null;
}

/** A part of a URL; null for an empty one. */
function unescaped(part: string): string | null {
  try {
    return decodeURIComponent(part) || null;
  } catch {
    return part;
  }
}
