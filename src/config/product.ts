import { readFileSync } from 'node:fs';

const { name, version, description } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

/** Name, version and description of package.json. */
export const PRODUCT = { name: String(name), version: String(version), description: String(description) };
