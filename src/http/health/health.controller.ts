import { Controller, Get, Res } from '@nestjs/common';
import { ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '#access/authorization/scopes.decorator.js';
import { ForwardingService } from '#delivery/forwarding/forwarding.service.js';
import { FloorWatch } from '#events/floor/floor-watch.service.js';
import { SECOND } from '#kernel/clock.js';
import { Metrics } from '#telemetry/metrics.js';
import { type EventHealthDto, HealthDto, ReadinessDto } from './health.dto.js';
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
    private readonly forwards: ForwardingService,
    private readonly floors: FloorWatch,
  ) {}

  /** Answers as long as the process lives. */
  @Get('health/live')
  getLiveness(): HealthDto {
    return { status: 'ok' };
  }

  /** 200 while this process should be sent requests, 503 while it stops or its database does not answer. */
  @Get('health/ready')
  @ApiResponse({ status: 200, type: ReadinessDto, headers: NOT_CACHED })
  @ApiResponse({ status: 503, type: ReadinessDto, headers: NOT_CACHED })
  async getReadiness(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessDto> {
    const readiness = await this.health.readiness();
    reply.header('Cache-Control', 'no-store');
    const recent = this.forwards.recent();
    const forwarding = recent && { oldest_age_seconds: Math.round(recent.oldestAgeMs / SECOND), set_aside: recent.setAside };
    const events = this.#events();
    if (readiness === 'ready') return { status: 'ok', forwarding, events };
    reply.status(503).header('Retry-After', '5');
    return { status: readiness, forwarding, events };
  }

  /** Every measure in the text format of Prometheus. */
  @Get('metrics')
  @ApiProduces('text/plain')
  async getMetrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.type(this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }

  #events(): EventHealthDto | null {
    const { isNotified } = this.floors;
    if (isNotified === null) return null;
    const held = this.floors.held();
    return { notifications: isNotified ? 'up' : 'down', held_seconds: Math.round(held?.seconds ?? 0), held_by_pid: held?.pid ?? null };
  }
}
