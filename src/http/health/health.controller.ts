import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '#access/authorization/scopes.decorator.js';
import { ForwardingService } from '#delivery/forwarding/forwarding.service.js';
import { SECOND } from '#kernel/clock.js';
import { Metrics } from '#telemetry/metrics.js';
import { HealthDto, ReadinessDto } from './health.dto.js';
import { HealthService } from './health.service.js';

/** For load balancers and monitors, which have no key; nothing here names a person, a call or a secret. */
@ApiTags('health')
@Controller()
@Public()
export class HealthController {
  constructor(
    private readonly health: HealthService,
    private readonly metrics: Metrics,
    private readonly forwards: ForwardingService,
  ) {}

  /** Answers as long as the process lives. */
  @Get('health/live')
  getLiveness(): HealthDto {
    return { status: 'ok' };
  }

  /** 200 while this process should be sent requests, 503 while it stops or its database does not answer. */
  @Get('health/ready')
  async getReadiness(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessDto> {
    const readiness = await this.health.readiness();
    reply.header('Cache-Control', 'no-store');
    const recent = this.forwards.recent();
    const forwarding = recent && { oldest_age_seconds: Math.round(recent.oldestAgeMs / SECOND), set_aside: recent.setAside };
    if (readiness === 'ready') return { status: 'ok', forwarding };
    reply.status(503).header('Retry-After', '5');
    return { status: readiness, forwarding };
  }

  /** Every measure in the text format of Prometheus. */
  @Get('metrics')
  async getMetrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.type(this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }
}
