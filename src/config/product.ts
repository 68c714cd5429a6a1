import { readFileSync } from 'node:fs';

const { name, version, description, license } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

/** Name, version, description and license (SPDX) of package.json. */
export const PRODUCT = { name: String(name), version: String(version), description: String(description), license: String(license) };

/** What the gateway calls itself towards 360dialog, Meta and the endpoints of subscriptions: name, version, and its address unless that is this machine's alone. */
export function userAgentOf(publicUrl?: string): string {
  const hostname = publicUrl === undefined ? 'localhost' : new URL(publicUrl).hostname;
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  return `${PRODUCT.name}/${PRODUCT.version}${isLocal ? '' : ` (+${publicUrl})`}`;
}
