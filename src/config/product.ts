import { readFileSync } from 'node:fs';

const { name, version, description, license } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

/** Name, version, description and license (SPDX) of package.json. */
export const PRODUCT = { name: String(name), version: String(version), description: String(description), license: String(license) };
