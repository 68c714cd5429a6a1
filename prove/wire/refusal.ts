import type { RawAnswer } from '#cli/webhook/raw-upstream.js';
import { problemOf } from '#dialog360/dialog360.errors.js';
import type { Operation } from '#dialog360/exchange.js';
import { entryOfUpstream } from '#error-catalogue/lookup.js';

/** Meta's codes for a request that is wrong in itself. */
const WRONG_REQUEST: ReadonlySet<number> = new Set([100, 131008, 131009]);

/** Refused for a reason that says nothing about what was asked: key, account, rate, an outage, or the number as it is set up. */
export function isBeside({ status, upstream: { code } }: RawAnswer): boolean {
  if (code !== null && WRONG_REQUEST.has(code)) return false;
  return [401, 403, 408, 429].includes(status) || status >= 500 || (code !== null && entryOfUpstream(code) !== undefined);
}

/** The code of our catalogue for a refusal. */
export const codeOf = ({ upstream }: RawAnswer, operation: Operation, now: number): string => problemOf(upstream, operation, now).code;
