import { entryOfUpstream, entryOfWords } from '#error-catalogue/lookup.js';
import { DAY, SECOND } from '#kernel/clock.js';
import { Problem, type ProblemCode, type Upstream } from '#kernel/problem.js';
import type { Operation } from './exchange.js';

/** What can end an attempt at a request without an answer. */
export interface Lost {
  /** False when it is certain that no byte of the request left: nobody was called, nothing was changed. */
  sent: boolean;
  /** The network's word for it, such as `ECONNRESET`. */
  reason: string;
}

const OF_A_CALL: ReadonlySet<Operation> = new Set(['pre_accept', 'accept', 'reject', 'terminate']);
/** What must not be repeated while its outcome is unknown. */
const COMMANDS: ReadonlySet<Operation> = new Set(['connect', 'request_permission', ...OF_A_CALL]);

/** Without a code, only these statuses can be about the call: a 403 that says "terminated" is about the account. */
const SPEAKS_OF_CALLS: ReadonlySet<number> = new Set([400, 404, 409, 410]);

/** Meta gives no code numbers for these refusals, only words. */
const MISMATCH =
  /differs? from the pre-?accept|(mismatch|not match|different).*pre-?accept|pre-?accept.*(mismatch|not match|different|differ)/i;
const ANSWERED = /already (been )?(in[ _]progress|accepted|answered|ongoing)/i;
const REJECTING = /reject(ion)? is already in progress/i;
const ENDED =
  /\b(terminated|ended|completed|hung up|failed call)\b|(invalid|unknown) call[ _]?id|call( id)? (was )?(not found|does not exist|unknown|has failed|is over)/i;

/** A refusal or a broken answer of 360dialog as a problem of ours; `upstream` is what it said. */
export function problemOf(upstream: Upstream, operation: Operation, now: number, retryAfter: string | null = null): Problem {
  const code = codeOf(upstream, operation);
  const message = upstream.details ?? upstream.message ?? `HTTP ${upstream.status}`;
  const retryAt = upstream.code === 138012 ? timeIn(upstream.details, now) : null;
  const onReading = operation.startsWith('read_');
  return new Problem(code, { upstream, onReading, params: { message }, retryAt: retryAt ?? readRetryAfter(retryAfter, now) });
}

/** No answer at all: either certainly nothing happened, or nobody knows. */
export function problemOfLost({ sent, reason }: Lost, operation: Operation): Problem {
  const code = !sent ? 'upstream_unavailable' : COMMANDS.has(operation) ? 'outcome_unknown' : 'upstream_error';
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
  const told = ofTheCall ? aboutTheCall(words) : undefined;
  if (told !== undefined) return told;
  if (code === 100) return 'invalid_parameter';
  // A 401 that carries a code of Meta's is never about our key.
  const spoken = entryOfWords(status === 401 && code !== null ? 0 : status, words);
  return spoken?.code ?? (status < 300 ? 'upstream_unreadable' : 'upstream_refused');
}

function aboutTheCall(words: string): ProblemCode | undefined {
  if (MISMATCH.test(words)) return 'answer_mismatch';
  if (REJECTING.test(words)) return 'call_ended';
  if (ANSWERED.test(words)) return 'call_already_answered';
  return ENDED.test(words) ? 'call_ended' : undefined;
}

/** `Retry-After` in seconds or as an HTTP date, at most a day ahead; null when absent or nonsense. */
export function readRetryAfter(header: string | null, now: number): number | null {
  const written = header?.trim() ?? '';
  const at = /^\d+$/.test(written) ? now + Number(written) * SECOND : /[a-z]/i.test(written) ? Date.parse(written) : Number.NaN;
  return Number.isNaN(at) ? null : Math.min(Math.max(at, now), now + DAY);
}

/** The first future time in a text, as ISO 8601 (UTC when no zone is named) or Unix seconds. */
function timeIn(words: string | null, now: number): number | null {
  const [, day, clock, zone] = /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d:?\d\d)?/.exec(words ?? '') ?? [];
  const seconds = /\b(\d{10})\b/.exec(words ?? '')?.[1];
  const at = day === undefined ? Number(seconds ?? Number.NaN) * SECOND : Date.parse(`${day}T${clock}${zone ?? 'Z'}`);
  return at > now ? Math.min(at, now + DAY) : null;
}

/** Whether Meta says that the call we want over is over already. */
export const isOver = (problem: Problem): boolean => problem.code === 'call_ended';
