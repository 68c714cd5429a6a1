import type { components } from './api.ts';

/** A refusal as the gateway answers it (RFC 9457). */
export type Problem = components['schemas']['Problem'];

/** The codes of the error catalogue. A newer gateway may answer with one that this release does not list. */
export type ErrorCode = Problem['code'];

/** The gateway, or a proxy before it, has refused a request. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  /** The HTTP status. */
  readonly status: number;
  /** The whole refusal; null when the answer is not the gateway's, such as the error page of a proxy. */
  readonly problem: Problem | null;
  readonly code: ErrorCode | null;
  /** What to do next, in the language of the client. */
  readonly remedy: string | null;
  /** Whether the same request can succeed later without any change; null when unknown. */
  readonly retryable: boolean | null;
  /** When asking again can succeed, RFC 3339; null when unknown. */
  readonly retry_at: string | null;
  /** How the gateway names this request in its log; null when it did not answer. */
  readonly requestId: string | null;

  constructor(response: Response, body: unknown) {
    const problem = isProblem(body) ? body : null;
    super(
      problem
        ? `${problem.code}: ${problem.detail}`
        : `HTTP ${response.status} from ${new URL(response.url || 'about:blank').host || 'the gateway'}`,
    );
    this.status = response.status;
    this.problem = problem;
    this.code = problem?.code ?? null;
    this.remedy = problem?.remedy ?? null;
    this.retryable = problem?.retryable ?? null;
    this.retry_at = problem?.retry_at ?? retryAfter(response);
    this.requestId = response.headers.get('x-request-id');
  }
}

/** Events were missed: those after the last one that this stream has carried are not kept any more. Read the state again over REST. */
export class EventsMissedError extends Error {
  override readonly name = 'EventsMissedError';

  constructor() {
    super('Events were missed and are not kept any more: read the state again over REST. Give onReset to be called instead.');
  }
}

/** What the two outcomes of a request have in common with those of openapi-fetch. */
type Answer<T> = { data: T; error?: never; response: Response } | { data?: never; error: unknown; response: Response };

/** The body of a success. @throws GatewayError for a refusal; what fetch throws when there is no answer */
export async function answered<T>(request: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await request;
  if (!response.ok) throw new GatewayError(response, error);
  return data as T;
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string' && 'remedy' in body && 'detail' in body;

/** The header as a time; it gives seconds, or a date. */
function retryAfter({ headers }: Response): string | null {
  const given = headers.get('retry-after');
  if (given === null) return null;
  const at = /^\d+$/.test(given) ? Date.now() + Number(given) * 1_000 : Date.parse(given);
  return Number.isFinite(at) ? new Date(at).toISOString() : null;
}
