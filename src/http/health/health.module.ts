import { Module } from '@nestjs/common';
import { ForwardingModule } from '#delivery/forwarding/forwarding.module.js';
import { EventsModule } from '#events/events.module.js';
import { HealthController } from './health.controller.js';
import { HealthService } from './health.service.js';

/** Is it alive, is it ready, and how is it doing? */
@Module({
  imports: [ForwardingModule, EventsModule],
  controllers: [HealthController],
  providers: [HealthService],
  exports: [HealthService],
})
export class HealthModule {}
