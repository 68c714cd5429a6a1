import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { CallModule } from '#call/call.module.js';
import { EventsModule } from '#events/events.module.js';
import { RetentionJob } from './retention.job.js';

/** How long things are kept. */
@Module({ imports: [AccessModule, CallModule, EventsModule], providers: [RetentionJob], exports: [RetentionJob] })
export class RetentionModule {}
