import { type CanActivate, type ExecutionContext, Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { HeaderGates } from '#access/authorization/header-gates.service.js';
import { bearerToken } from '#access/keys/api-key.js';
import { NUMBER_WEBHOOK_PATH, WEBHOOK_PATH } from '#config/webhook-path.js';
import { SIGNATURE_HEADER, SignaturesService } from '#inbox/signatures.service.js';
import { Problem } from '#kernel/problem.js';
import { record, text } from '#kernel/read.js';
import { Metrics } from '#telemetry/metrics.js';
import { type Receiver, ReceiversService } from './receivers.service.js';

const receivers = new WeakMap<FastifyRequest, Receiver>();

/** The number of a delivery that the guard has let pass. */
export function receiverOf(request: FastifyRequest): Receiver {
  const receiver = receivers.get(request);
  if (!receiver) throw new Error('a delivery that no guard has let pass');
  return receiver;
}

/**
 * 360dialog replays the header that was registered with the webhook. Without exactly that bearer token nothing is kept, nor is the
 * body read. Two tokens of a number are accepted while one replaces the other. Where a signature is required, its header must be there, too.
 */
@Injectable()
export class WebhookTokenGuard implements CanActivate, OnModuleInit {
  constructor(
    private readonly receivers: ReceiversService,
    private readonly metrics: Metrics,
    private readonly gates: HeaderGates,
    private readonly signatures: SignaturesService,
  ) {}

  onModuleInit(): void {
    for (const path of [WEBHOOK_PATH, NUMBER_WEBHOOK_PATH]) this.gates.on('POST', path, (request) => this.#require(request));
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.#require(context.switchToHttp().getRequest<FastifyRequest>());
    return true;
  }

  /** @returns nothing when this process knows the token @throws Problem `webhook_unauthorized` or `webhook_signature_missing` */
  #require(request: FastifyRequest): Promise<void> | undefined {
    if (receivers.has(request)) return undefined;
    const token = bearerToken(request.headers.authorization) ?? '';
    const named = text(record(request.params)?.phone_number_id);
    const known = this.receivers.known(token, named);
    if (known) return this.#pass(request, known);
    return this.receivers.find(token, named).then((found) => this.#pass(request, found));
  }

  #pass(request: FastifyRequest, receiver: Receiver | null): undefined {
    if (receiver) {
      // The secret of signatures is one of the environment's: other numbers may be of other clients of 360dialog.
      if (receiver.isOfEnvironment) this.signatures.requireHeader(request.headers[SIGNATURE_HEADER]);
      receivers.set(request, receiver);
      return undefined;
    }
    this.metrics.webhooks.inc({ result: 'unauthorized' });
    throw new Problem('webhook_unauthorized');
  }
}
