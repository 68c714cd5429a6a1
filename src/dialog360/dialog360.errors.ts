import { entryOfUpstream, entryOfWords } from '#error-catalogue/lookup.js';
import { DAY, SECOND } from '#kernel/clock.js';
import { Problem, type ProblemCode, type Upstream } from '#kernel/problem.js';
import { unixTime } from '#kernel/read.js';
import type { Operation } from './exchange.js';

/** A request that ended without a response. */
export interface NoResponse {
  /** False when no byte of the request left the gateway: it certainly had no effect. */
  sent: boolean;
  /** The network's word for it, such as `ECONNRESET`. */
  reason: string;
}

const OF_A_CALL: ReadonlySet<Operation> = new Set(['pre_accept', 'accept', 'reject', 'terminate']);
/** Commands, which must not be repeated while their result is unknown. */
const COMMANDS: ReadonlySet<Operation> = new Set(['connect', 'request_permission', ...OF_A_CALL]);

/** Without a code, only these statuses can be about the call: a 403 that says "terminated" is about the account. */
const SPEAKS_OF_CALLS: ReadonlySet<number> = new Set([400, 404, 409, 410]);

/** Meta gives no code numbers for these refusals, only words. */
const ABOUT_CALL: readonly (readonly [RegExp, ProblemCode])[] = [
  [
    /differs? from the pre-?accept|(mismatch|not match|different).*pre-?accept|pre-?accept.*(mismatch|not match|different|differ)/i,
    'answer_mismatch',
  ],
  [/reject(ion)? is already in progress/i, 'call_ended'],
  [/already (been )?(in[ _]progress|accepted|answered|ongoing)/i, 'call_already_answered'],
  [
    /\b(terminated|ended|completed|hung up|failed call)\b|(invalid|unknown) call[ _]?id|call( id)? (was )?(not found|does not exist|unknown|has failed|is over)/i,
    'call_ended',
  ],
];

/** A refusal or an unreadable response of 360dialog as a problem; `upstream` is what it said. */
export function problemOf(upstream: Upstream, operation: Operation, now: number, retryAfter: string | null = null): Problem {
  const code = codeOf(upstream, operation);
  const message = upstream.details ?? upstream.message ?? `HTTP ${upstream.status}`;
  const retryAt = upstream.code === 138012 ? timeIn(upstream.details, now) : null;
  const onReading = operation.startsWith('read_');
  return new Problem(code, { upstream, onReading, params: { message }, retryAt: retryAt ?? readRetryAfter(retryAfter, now) });
}

/** No response: either the request certainly had no effect, or its result is unknown. */
export function problemOfNoResponse({ sent, reason }: NoResponse, operation: Operation): Problem {
  const codeAfterSend = COMMANDS.has(operation) ? 'outcome_unknown' : 'upstream_error';
  const code = sent ? codeAfterSend : 'upstream_unavailable';
  return new Problem(code, { params: { message: reason }, cause: new Error(`${operation}: ${reason}`) });
}

/** Whether a refused dial can have rung all the same: yes, unless the catalogue rules it out for Meta's code. */
export function mayHaveActed({ status, code }: Upstream): boolean {
  const clientsFault = status >= 300 && status < 500 && status !== 408 && status !== 425 && status !== 499;
  return !clientsFault && (code === null || entryOfUpstream(code)?.rang !== 'no');
}

function codeOf(upstream: Upstream, operation: Operation): ProblemCode {
  const { status, code } = upstream;
  const known = code === null || code === 100 ? undefined : entryOfUpstream(code);
  if (known) return known.code;
  const words = `${upstream.message ?? ''} ${upstream.details ?? ''}`;
  const ofTheCall = OF_A_CALL.has(operation) && (code === 100 || (SPEAKS_OF_CALLS.has(status) && /\bcall\b/i.test(words)));
  const callCode = ofTheCall ? ABOUT_CALL.find(([phrase]) => phrase.test(words))?.[1] : undefined;
  if (callCode !== undefined) return callCode;
  if (code === 100) return 'invalid_parameter';
  // A 401 that carries a code of Meta's is never about our key.
  const spoken = entryOfWords(status === 401 && code !== null ? 0 : status, words);
  return spoken?.code ?? (status < 300 ? 'upstream_unreadable' : 'upstream_refused');
}

/** `Retry-After` in seconds or as an HTTP date, at most a day ahead; null when absent or nonsense. */
export function readRetryAfter(header: string | null, now: number): number | null {
  const written = header?.trim() ?? '';
  const date = /[a-z]/i.test(written) ? Date.parse(written) : Number.NaN;
  const at = /^\d+$/.test(written) ? now + Number(written) * SECOND : date;
  return Number.isNaN(at) ? null : Math.min(Math.max(at, now), now + DAY);
}

/** The first future time in a text, as ISO 8601 (UTC when no zone is named) or Unix seconds. */
function timeIn(words: string | null, now: number): number | null {
  const [iso] = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?/.exec(words ?? '') ?? [];
  const at = unixTime(iso ?? /\b\d{10}\b/.exec(words ?? '')?.[0]);
  return at !== undefined && at > now ? Math.min(at, now + DAY) : null;
}

/** Whether Meta says that the call has ended already. */
export const isOver = (problem: Problem): boolean => problem.code === 'call_ended';
