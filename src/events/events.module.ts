import { Module, type OnModuleInit } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { IdentityModule } from '#identity/identity.module.js';
import { DeletedKeysObserver } from './deleted-keys.observer.js';
import { EventsController } from './events.controller.js';
import { FeedService } from './feed.service.js';
import { ListenersService } from './listeners.service.js';
import { OutboxService } from './outbox.service.js';
import { OutboxStore } from './outbox.store.js';
import { PresenterService } from './presenter.service.js';
import { StreamsService } from './streams.service.js';

/** The outbox of events, the feed that reads it, and the streams of Server-Sent Events. */
@Module({
  imports: [AccessModule, IdentityModule],
  controllers: [EventsController],
  providers: [OutboxStore, OutboxService, FeedService, PresenterService, StreamsService, DeletedKeysObserver, ListenersService],
  exports: [OutboxService, FeedService, PresenterService, StreamsService, ListenersService],
})
export class EventsModule implements OnModuleInit {
  constructor(
    private readonly listeners: ListenersService,
    private readonly streams: StreamsService,
  ) {}

  /** The streams of this process count as consumers. */
  onModuleInit(): void {
    this.listeners.register(async (phoneNumberId) => this.streams.countTakers(phoneNumberId));
  }
}
