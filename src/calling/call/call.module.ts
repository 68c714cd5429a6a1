import { Module, type OnModuleInit } from '@nestjs/common';
import { EventsModule } from '#events/events.module.js';
import { PresenterService } from '#events/presenter.service.js';
import { IdentityModule } from '#identity/identity.module.js';
import { CallsService } from './calls.service.js';
import { CallsStore } from './calls.store.js';
import { TimelineService } from './timeline.service.js';
import { TimelineStore } from './timeline.store.js';

/** The call: its facts, what they amount to, and what the world is told of them. */
@Module({
  imports: [EventsModule, IdentityModule],
  providers: [CallsStore, CallsService, TimelineStore, TimelineService],
  exports: [CallsService],
})
export class CallModule implements OnModuleInit {
  constructor(
    private readonly presenter: PresenterService,
    private readonly calls: CallsService,
  ) {}

  /** Streams fill in the SDP of live calls, for those who may control them. */
  onModuleInit(): void {
    this.presenter.sessions = { sessionOf: (callId) => this.calls.sessionOf(callId) };
  }
}
