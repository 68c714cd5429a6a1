import { createHash } from 'node:crypto';

/** How many rows, and the sum of their digests: independent of their order and of the engine. */
export type Fingerprint = typeof EMPTY;

export const EMPTY = { rows: 0, sum: 0n };

export function fingerprintOf(rows: ReadonlyArray<Record<string, unknown>>, before: Fingerprint = EMPTY): Fingerprint {
  return {
    rows: before.rows + rows.length,
    sum: rows.reduce((sum, row) => BigInt.asUintN(128, sum + digest(row)), before.sum),
  };
}

function digest(row: Record<string, unknown>): bigint {
  const columns = Object.keys(row).sort();
  const hash = createHash('sha256').update(JSON.stringify(columns.map((column) => [column, plain(row[column])])));
  return BigInt(`0x${hash.digest('hex').slice(0, 32)}`);
}

const plain = (value: unknown): unknown => (Buffer.isBuffer(value) ? value.toString('base64') : value);
