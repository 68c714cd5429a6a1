import type { FastifyReply } from 'fastify';
import type { ApiAnswer, IdempotentRequest } from '#access/idempotency/idempotency.service.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { graphError } from '#graph/shape/graph-error.js';
import { Problem } from '#kernel/problem.js';
import { type JsonRecord, record } from '#kernel/read.js';

/** The paths below which the routes stand, with and without Meta's version. */
export const GRAPH_PATHS = ['graph', 'graph/:version(^v\\d+\\.\\d+$)'];

/** What Meta answers to a command that it took. */
export const DONE: ApiAnswer = { status: 200, body: { messaging_product: 'whatsapp', success: true } };

/** A request whose refusals are kept, for repetitions of its `Idempotency-Key`, in Meta's shape. */
export const inMetasShape = (
  request: IdempotentRequest,
  language: Language,
  requestId: string,
): IdempotentRequest & Required<Pick<IdempotentRequest, 'refusal'>> => ({
  ...request,
  refusal: (problem) => graphError(problem, language, requestId),
});

/** The body as a JSON object. @throws Problem `invalid_request` */
export function bodyOf(body: unknown): JsonRecord {
  const given = record(body);
  if (given) return given;
  throw new Problem('invalid_request', {
    errors: [{ field: 'body', message: { en: 'must be a JSON object', es: 'debe ser un objeto JSON' } }],
  });
}

/** Sends an answer; a replayed one carries `Idempotency-Replayed`. */
export async function sendGraph(reply: FastifyReply, { status, body, replayed }: ApiAnswer & { replayed: boolean }): Promise<void> {
  if (replayed) reply.header('Idempotency-Replayed', 'true');
  await reply.status(status).type('application/json; charset=utf-8').send(body);
}
