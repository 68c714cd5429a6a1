import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { AuditModule } from '#access/audit/audit.module.js';
import { CallModule } from '#calling/call/call.module.js';
import { EventsModule } from '#events/events.module.js';
import { Forgetful, RetentionJob } from './retention.job.js';

/** How long things are kept. */
@Module({
  imports: [AccessModule, AuditModule, CallModule, EventsModule],
  providers: [Forgetful, RetentionJob],
  exports: [RetentionJob],
})
export class RetentionModule {}
