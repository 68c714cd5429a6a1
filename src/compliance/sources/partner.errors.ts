import { readUpstream } from '#dialog360/read-upstream.js';
import { MINUTE, SECOND } from '#kernel/clock.js';
import { Problem, type ProblemCode } from '#kernel/problem.js';

/** A refusal of the partner API as a problem of ours; `upstream` is what it said. */
export function partnerProblem(status: number, source: string, now: number, retryAfter: string | null): Problem {
  const upstream = readUpstream(status, source);
  const words = `${upstream.message ?? ''} ${upstream.details ?? ''}`;
  const code = codeOf(status, words);
  const retryAt = code === 'rate_limited' ? now + (Number(retryAfter ?? '') * SECOND || MINUTE / 2) : null;
  return new Problem(code, { upstream, retryAt, params: { message: upstream.details ?? upstream.message ?? `HTTP ${status}` } });
}

function codeOf(status: number, words: string): ProblemCode {
  if (status === 429 || /rate limit/i.test(words)) return 'rate_limited';
  if (status === 401) return 'upstream_key_rejected';
  if (status === 403) return 'partner_permission_denied';
  if (status >= 500) return 'upstream_error';
  return status < 300 ? 'upstream_unreadable' : 'upstream_refused';
}
