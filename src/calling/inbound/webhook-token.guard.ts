import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Settings } from '#config/settings.js';
import { Problem } from '#kernel/problem.js';
import { Metrics } from '#telemetry/metrics.js';

/**
 * 360dialog signs nothing; it replays the header that was registered with the webhook. Without exactly that bearer token
 * nothing is kept. Two tokens are accepted while one replaces the other.
 */
@Injectable()
export class WebhookTokenGuard implements CanActivate {
  constructor(
    private readonly settings: Settings,
    private readonly metrics: Metrics,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const { authorization } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    const given = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
    // Every token is compared, so that the response time does not depend on which one nearly matches.
    const fits = this.settings.dialog360.webhookTokens.map((token) => token.equals(given));
    if (fits.includes(true)) return true;
    this.metrics.webhooks.inc({ result: 'unauthorized' });
    throw new Problem('webhook_unauthorized');
  }
}
