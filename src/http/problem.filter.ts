import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '#config/settings.js';
import { languageOf } from '#error-catalogue/language.js';
import { graphError } from '#graph/shape/graph-error.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Problem, type ProblemCode } from '#kernel/problem.js';
import { isStoreFault } from '#store/store-fault.js';
import { Log } from '#telemetry/log.js';
import { isGraphRequest } from './entry/api-routes.js';
import { closeAfterAnswer, isUnread } from './entry/close-after-answer.js';
import { leadToSignIn } from './entry/sign-in-first.js';
import { PROBLEM_TYPE, problemDocument } from './problem-document.js';

/** `Retry-After` when a temporary refusal names no time. */
const DEFAULT_WAIT_SECONDS = 5;

/** Statuses after which the connection ends: what is no HTTP, strangers, and bodies that are not read to their end. */
const CLOSING = new Set([400, 401, 413]);

/** Answers everything that a request throws: refusals as problem documents, or in Meta's shape where the Graph API is meant; unexpected errors as a 500 without details. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(Settings) private readonly settings: Pick<Settings, 'publicUrl' | 'graph'>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Answers `thrown`, also for requests that never reached a handler. */
  answer(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = toProblem(thrown);
    this.#note(problem, request);
    if (reply.sent || reply.raw.headersSent) return;
    if (leadToSignIn(problem, request, reply)) return;
    const language = languageOf(request.headers['accept-language']);
    const document = problemDocument(problem, language, this.settings.publicUrl);
    const { status } = document;
    if (status === 429 || status === 503 || problem.retryAt !== null) reply.header('Retry-After', this.#wait(problem.retryAt));
    if (CLOSING.has(status) || isUnread(request.raw)) closeAfterAnswer(request.raw, reply);
    reply.header('Content-Language', language);
    if (this.settings.graph.enabled && isGraphRequest(request)) {
      const refusal = graphError(problem, language, request.id);
      void reply.status(refusal.status).type('application/json; charset=utf-8').send(refusal.body);
    } else void reply.status(status).type(PROBLEM_TYPE).send(document);
  }

  /** Whole seconds, at least one. */
  #wait(retryAt: number | null): number {
    return retryAt === null ? DEFAULT_WAIT_SECONDS : Math.max(1, Math.ceil((retryAt - this.clock.now()) / SECOND));
  }

  #note(problem: Problem, request: FastifyRequest): void {
    const error = problem.cause;
    if (error === undefined) return;
    // A refusal that the catalogue knows is no fault of this process: a lost answer of 360dialog, for example.
    if (!FAULTS.has(problem.code)) {
      this.log.pino.info({ event: 'http.request_refused', error, request: request.id, code: problem.code }, 'a request was refused');
      return;
    }
    const what = problem.code === 'store_unavailable' ? 'the database does not answer: a request was refused' : UNEXPECTED;
    this.log.pino.error({ event: 'http.request_failed', error, request: request.id, code: problem.code }, what);
  }
}

/** What the operator has to see: a bug, and a database that does not answer. */
const FAULTS: ReadonlySet<ProblemCode> = new Set(['internal_error', 'store_unavailable']);

const UNEXPECTED = 'a request failed with an unexpected error';

/** What was thrown as a problem; a fault of the store becomes `store_unavailable`, a bug `internal_error` with the bug as its cause. */
function toProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (isStoreFault(thrown)) return new Problem('store_unavailable', { cause: thrown });
  const code = codeOfStatus(thrown);
  return code === undefined ? new Problem('internal_error', { cause: thrown ?? 'nothing was thrown' }) : new Problem(code);
}

/** Refusals by the frameworks: Nest's exceptions, and Fastify's errors about what it could not read. */
function codeOfStatus(thrown: unknown): ProblemCode | undefined {
  if (thrown instanceof HttpException) return CODES[thrown.getStatus()];
  const { statusCode, code } = (thrown ?? {}) as { statusCode?: unknown; code?: unknown };
  if (typeof statusCode !== 'number') return undefined;
  if (typeof code === 'string' && UNREADABLE_PATH.has(code)) return 'route_not_found';
  return CODES[statusCode];
}

const UNREADABLE_PATH = new Set(['FST_ERR_BAD_URL', 'FST_ERR_MAX_PARAM_LENGTH']);

const CODES: Readonly<Record<number, ProblemCode>> = {
  400: 'invalid_request',
  401: 'unauthenticated',
  403: 'insufficient_scope',
  404: 'route_not_found',
  405: 'route_not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  422: 'invalid_request',
  429: 'too_many_requests',
  503: 'shutting_down',
};
