import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Body, World } from '../world.js';

/** What stands for a placeholder of an input: `@now` with an offset in seconds is unix time as text. */
const filled = (text: string, world: World, call: string): string =>
  text
    .replace(/@now([+-]\d+)?/g, (_, offset = '0') => String(Math.floor(world.clock.now() / 1000) + Number(offset)))
    .replaceAll('@call', call);

/**
 * The bodies of an input from the field, a JSON file beside this one with the member `deliver`.
 * @param call stands for `@call`
 */
export function fieldInput(name: string, world: World, call = ''): Body[] {
  const text = readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8');
  return (JSON.parse(filled(text, world, call)) as { deliver: Body[] }).deliver;
}
