import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Settings } from '#config/settings.js';
import { Problem } from '#kernel/problem.js';
import { SABOTAGE } from '#kernel/sabotage.js';
import type { Secret } from '#kernel/secret.js';
import { Metrics } from '#telemetry/metrics.js';

/** The wrong build that `npm run prove` must catch. */
const LOOKS_AT_THE_BEGINNING = SABOTAGE === 'token-by-prefix';

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
    const fits = this.settings.dialog360.webhookTokens.map((token) =>
      LOOKS_AT_THE_BEGINNING ? beginsLike(token, given) : token.equals(given),
    );
    if (fits.includes(true)) return true;
    this.metrics.webhooks.inc({ result: 'unauthorized' });
    throw new Problem('webhook_unauthorized');
  }
}

const beginsLike = (token: Secret, given: string): boolean => given.startsWith(token.reveal().slice(0, 8));
