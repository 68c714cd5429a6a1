import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Settings } from '#config/settings.js';
import { parseJson, record, text } from '#kernel/read.js';

/** A webhook as 360dialog keeps it: the address, and the headers of each delivery. */
export type FormerWebhook = ReturnType<typeof toRegistration>;

/** The file of the replaced registration: beside the database, readable by its owner only. */
export const formerFile = ({ database }: Settings): string =>
  join(database.kind === 'sqlite' ? dirname(database.path) : 'data', 'former-webhook.json');

/** Undefined when there is none, or none that can be read. */
export const readFormer = (file: string): FormerWebhook | undefined =>
  existsSync(file) ? toRegistration(parseJson(readFileSync(file, 'utf8'))) : undefined;

/** Written whole or not at all, before anything is replaced. */
export function writeFormer(file: string, registration: FormerWebhook): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.new`;
  writeFileSync(draft, `${JSON.stringify(registration, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}

export const forgetFormer = (file: string): void => rmSync(file, { force: true });

/** Reads `{ url, headers }` of 360dialog; what is missing is empty. */
export function toRegistration(value: unknown) {
  const { url, headers } = record(value) ?? {};
  const written = Object.entries(record(headers) ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  // The address is empty when nothing is registered.
  return { url: text(url) ?? '', headers: Object.fromEntries(written) };
}
