import { Controller, Get, Res } from '@nestjs/common';
import { ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '#access/authorization/scopes.decorator.js';
import { Metrics } from '#telemetry/metrics.js';
import { HealthDto } from './health.dto.js';
import { HealthService } from './health.service.js';

/** Described by the document under its own name. */
const NOT_CACHED = { 'Cache-Control': { $ref: '#/components/headers/Cache-Control' } };

/** For load balancers and monitors, which have no key; nothing here names a person, a call or a secret. */
@ApiTags('health')
@Controller()
@Public()
export class HealthController {
  constructor(
    private readonly health: HealthService,
    private readonly metrics: Metrics,
  ) {}

  /** Answers as long as the process lives. */
  @Get('health/live')
  getLiveness(): HealthDto {
    return { status: 'ok' };
  }

  /** 200 while this process should be sent requests, 503 while it stops or its database does not answer. */
  @Get('health/ready')
  @ApiResponse({ status: 200, type: HealthDto, headers: NOT_CACHED })
  @ApiResponse({ status: 503, type: HealthDto, headers: NOT_CACHED })
  async getReadiness(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthDto> {
    const readiness = await this.health.readiness();
    reply.header('Cache-Control', 'no-store');
    if (readiness === 'ready') return { status: 'ok' };
    reply.status(503).header('Retry-After', '5');
    return { status: readiness };
  }

  /** Every measure in the text format of Prometheus. */
  @Get('metrics')
  @ApiProduces('text/plain')
  async getMetrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.type(this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }
}
