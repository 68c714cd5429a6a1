import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';

/** Random bytes come from a pool: one system call per letter costs more than the rest of an id. */
const pool = new Uint8Array(4_096);
let used = pool.length;

function random(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  used += 1;
  return byte / 256;
}

const next = monotonicFactory(random);

/** A new id such as `call_01J…`: 48 bits of time, then 80 random bits; ids of one process sort by creation. */
export const newId = (prefix: 'adp' | 'call' | 'usr' | 'key' | 'req' | 'run' | 'snap' | 'rep' | 'rdl' | 'sub'): string =>
  `${prefix}_${next()}`;
