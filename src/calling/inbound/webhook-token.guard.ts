import { type CanActivate, type ExecutionContext, Injectable, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { HeaderGates } from '#access/authorization/header-gates.service.js';
import { bearerToken } from '#access/keys/api-key.js';
import { Settings } from '#config/settings.js';
import { WEBHOOK_PATH } from '#config/webhook-path.js';
import { SIGNATURE_HEADER, SignaturesService } from '#inbox/signatures.service.js';
import { Problem } from '#kernel/problem.js';
import { Metrics } from '#telemetry/metrics.js';

/**
 * 360dialog replays the header that was registered with the webhook. Without exactly that bearer token nothing is kept, nor is the
 * body read. Two tokens are accepted while one replaces the other. Where a signature is required, its header must be there, too.
 */
@Injectable()
export class WebhookTokenGuard implements CanActivate, OnModuleInit {
  constructor(
    private readonly settings: Settings,
    private readonly metrics: Metrics,
    private readonly gates: HeaderGates,
    private readonly signatures: SignaturesService,
  ) {}

  onModuleInit(): void {
    this.gates.on('POST', WEBHOOK_PATH, (request) => this.#require(request));
  }

  canActivate(context: ExecutionContext): boolean {
    this.#require(context.switchToHttp().getRequest<FastifyRequest>());
    return true;
  }

  /** @throws Problem `webhook_unauthorized` or `webhook_signature_missing` */
  #require({ headers: { authorization, [SIGNATURE_HEADER]: signature } }: FastifyRequest): undefined {
    const given = bearerToken(authorization) ?? '';
    // Every token is compared, so that the response time does not depend on which one nearly matches.
    const fits = this.settings.dialog360.webhookTokens.map((token) => token.equals(given));
    if (fits.includes(true)) return void this.signatures.requireHeader(signature);
    this.metrics.webhooks.inc({ result: 'unauthorized' });
    throw new Problem('webhook_unauthorized');
  }
}
