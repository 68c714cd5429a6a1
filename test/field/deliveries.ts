import { readFileSync } from 'node:fs';
import type { World } from '../world.js';

/** An input from the field: bodies of deliveries in their order, in which `@now`, `@now-5` and the like stand for Unix seconds as text. */
interface FieldInput {
  deliver: unknown[];
}

const read = (name: string): FieldInput => JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')) as FieldInput;

/** The bodies of a field input as they would arrive now. */
export function deliveriesOf(name: string, world: World): string[] {
  const now = Math.floor(world.clock.now() / 1000);
  const stamped = (body: unknown) => JSON.stringify(body).replace(/"@now([+-]\d+)?"/g, (_, shift) => `"${now + Number(shift ?? 0)}"`);
  return read(name).deliver.map(stamped);
}
