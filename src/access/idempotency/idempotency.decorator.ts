import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '#access/authorization/principal.js';
import { principalOf } from '#access/authorization/scopes.decorator.js';
import type { Secret } from '#kernel/secret.js';
import type { ApiAnswer, IdempotentRequest } from './idempotency.service.js';

/** The request as `IdempotencyService.run` takes it, as a parameter of a handler; `sealed` where the answer shows a secret. */
export const Idempotency = createParamDecorator((kind: 'sealed' | undefined, context: ExecutionContext): IdempotentRequest => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const header = request.headers['idempotency-key'];
  const principal = principalOf(request);
  return {
    principal,
    ...(kind === 'sealed' ? { sealedWith: credentialOf(principal) } : {}),
    key: header === undefined ? null : String(header),
    method: request.method,
    // A slash at its end reaches the same route, so it makes no other request.
    path: (request.url.split('?', 1)[0] as string).replace(/\/$/, ''),
    body: request.body,
  };
});

function credentialOf({ credential }: Principal): Secret {
  if (!credential) throw new Error('a principal without its credential: nothing can be sealed for it');
  return credential;
}

/** Sends an answer of `IdempotencyService.run`; a replayed one carries `Idempotency-Replayed`, and a stored refusal is a problem document. */
export async function send(reply: FastifyReply, answer: ApiAnswer & { replayed: boolean }): Promise<void> {
  if (answer.replayed) reply.header('Idempotency-Replayed', 'true');
  if (answer.status >= 400) reply.type('application/problem+json; charset=utf-8');
  await reply.status(answer.status).send(answer.body);
}
