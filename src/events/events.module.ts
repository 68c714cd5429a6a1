import { Module } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { EventsController } from './events.controller.js';
import { FeedService } from './feed.service.js';
import { OutboxService } from './outbox.service.js';
import { OutboxStore } from './outbox.store.js';
import { PresenterService } from './presenter.service.js';
import { StreamsService } from './streams.service.js';

/** What we tell: the outbox, the feed that reads it, and the streams that pass it on. */
@Module({
  imports: [AccessModule],
  controllers: [EventsController],
  providers: [OutboxStore, OutboxService, FeedService, PresenterService, StreamsService],
  exports: [OutboxService, FeedService, PresenterService, StreamsService],
})
export class EventsModule {}
