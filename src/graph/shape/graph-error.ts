import type { CatalogueEntry, Language } from '#error-catalogue/catalogue.js';
import { entryOf, filled } from '#error-catalogue/lookup.js';
import type { FieldError, Problem, ProblemCode } from '#kernel/problem.js';
import { metaStatusOf } from './meta-status.js';

/** The body of a refusal in Meta's shape. Clients build on `code`, a whole number, and on `error_data.details`. */
export interface GraphErrorBody {
  error: {
    message: string;
    type: 'OAuthException';
    code: number;
    /** Meta's word for an object that is not there; only with code 100. */
    error_subcode?: 33;
    error_data: { messaging_product: 'whatsapp'; details: string };
    error_user_title: string;
    /** What to do now. */
    error_user_msg: string;
    /** Whether the same request can succeed later. Never true of a dial whose outcome is unknown. */
    is_transient: boolean;
    /** Meta's trace; of a refusal by the gateway itself the id of the request. */
    fbtrace_id: string;
    /** The code of the gateway's error catalogue. */
    gateway_code: ProblemCode;
  };
}

/** A refusal in Meta's shape with its HTTP status. */
export interface GraphRefusal {
  status: number;
  body: GraphErrorBody;
}

/** Meta's numbers for what the catalogue knows without one, or under several. */
const NUMBERS: Partial<Readonly<Record<ProblemCode, number>>> = {
  call_in_progress: 138003,
  not_a_permission_request: 131051,
  outcome_unknown: 131000,
  upstream_error: 131000,
  internal_error: 131000,
};

/** By the status that the gateway itself answers, for what has no number of Meta's; everything else is 100. */
const BY_STATUS: Readonly<Record<number, number>> = { 401: 190, 403: 10, 429: 4, 500: 131000, 502: 131000, 503: 2 };

/** Statuses of HTTP itself, which say more than Meta's 400 does. */
const OF_HTTP: ReadonlySet<number> = new Set([408, 413, 415, 429, 431]);

/**
 * A refusal as Meta would write it. What 360dialog or Meta refused keeps their code, status, words and trace.
 * @param requestId stands in for a trace
 */
export function graphError(problem: Problem, language: Language, requestId: string): GraphRefusal {
  const entry = entryOf(problem.code);
  const { title, detail, remedy } = filled(entry[language], problem.params);
  const { upstream } = problem;
  const received = upstream?.code ?? null;
  const code = received ?? numberOf(entry);
  const error: GraphErrorBody['error'] = {
    message: (received === null ? null : upstream?.message) ?? `(#${code}) ${title}`,
    type: 'OAuthException',
    code,
    ...(problem.code === 'unknown_number' ? { error_subcode: 33 as const } : {}),
    error_data: { messaging_product: 'whatsapp', details: upstream?.details ?? detailsOf(detail, problem.errors, language) },
    error_user_title: title,
    error_user_msg: remedy,
    is_transient: entry.retryable || problem.retryAt !== null,
    fbtrace_id: upstream?.fbtrace_id ?? requestId,
    gateway_code: problem.code,
  };
  return { status: received === null ? statusOf(entry, code) : receivedStatus(upstream?.status ?? 0, received), body: { error } };
}

const numberOf = (entry: CatalogueEntry): number =>
  NUMBERS[entry.code as ProblemCode] ?? entry.upstream[0] ?? BY_STATUS[entry.status] ?? 100;

function statusOf({ code, status }: CatalogueEntry, number: number): number {
  if (code === 'route_not_found' || OF_HTTP.has(status)) return status;
  return metaStatusOf(number);
}

/** A refusal within an answer that says success is one all the same. */
const receivedStatus = (status: number, code: number): number => (status >= 400 && status < 600 ? status : metaStatusOf(code));

const detailsOf = (detail: string, errors: readonly FieldError[], language: Language): string =>
  [detail, ...errors.map(({ field, message }) => `${field}: ${typeof message === 'string' ? message : message[language]}.`)].join(' ');
