import { Module, type OnModuleInit } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import { IdentityModule } from '#identity/identity.module.js';
import { EventsController } from './events.controller.js';
import { FeedService } from './feed.service.js';
import { FloorStore } from './floor/floor.store.js';
import { FloorWatch } from './floor/floor-watch.service.js';
import { KeyReachesService } from './key-reaches.service.js';
import { ListenersService } from './listeners.service.js';
import { OutboxService } from './outbox.service.js';
import { OutboxStore } from './outbox.store.js';
import { PresenterService } from './presenter.service.js';
import { StreamsService } from './streams.service.js';

/** The outbox of events, the feed that reads it, and the streams of Server-Sent Events. */
@Module({
  imports: [AccessModule, IdentityModule],
  controllers: [EventsController],
  providers: [
    OutboxStore,
    OutboxService,
    FeedService,
    PresenterService,
    KeyReachesService,
    StreamsService,
    ListenersService,
    FloorStore,
    FloorWatch,
  ],
  exports: [OutboxService, FeedService, PresenterService, StreamsService, ListenersService, FloorWatch],
})
export class EventsModule implements OnModuleInit {
  constructor(
    private readonly listeners: ListenersService,
    private readonly streams: StreamsService,
    private readonly keys: ApiKeysService,
  ) {}

  /** The streams of this process count as consumers; those of a deleted key end, and of one that has lost a number. */
  onModuleInit(): void {
    this.listeners.register(async (phoneNumberId) => this.streams.countTakers(phoneNumberId));
    this.keys.onEnded((keyId) => this.streams.dropKey(keyId));
  }
}
