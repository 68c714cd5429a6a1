import { domainToASCII } from 'node:url';

/** Where reports go, as a client gives it. */
export type DeliveryTarget = { channel: 'mail' | 'webhook'; address: string };

/** What is wrong with a target. */
export type TargetFault = { en: string; es: string };

const LOCAL = /^(?=.{1,64}$)[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Reads `mailto:ana@example.com` or an `https:` URL. One address alone: a list or a header would make it a way to send mail to anyone. */
export function readTarget(to: string): DeliveryTarget | TargetFault {
  const written = to.trim();
  if (/^mailto:/i.test(written)) return readMailto(written.slice('mailto:'.length));
  if (/^https?:\/\//i.test(written)) return { channel: 'webhook', address: written };
  return {
    en: 'must begin with mailto: or https://, such as mailto:ana@example.com',
    es: 'debe comenzar con mailto: o https://, por ejemplo mailto:ana@example.com',
  };
}

export const isFault = (read: DeliveryTarget | TargetFault): read is TargetFault => 'en' in read;

function readMailto(written: string): DeliveryTarget | TargetFault {
  const address = unescaped(written);
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), domainToASCII(address.slice(at + 1).toLowerCase())];
  if (at < 1 || !LOCAL.test(local) || !DOMAIN.test(domain) || address.length > 254) {
    return {
      en: 'must be one mail address after mailto:, without a name, a list or parameters, such as mailto:ana@example.com',
      es: 'debe ser una sola dirección de correo después de mailto:, sin nombre, lista ni parámetros, por ejemplo mailto:ana@example.com',
    };
  }
  return { channel: 'mail', address: `${local}@${domain}` };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
