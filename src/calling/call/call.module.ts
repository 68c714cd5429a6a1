import { Module, type OnModuleInit } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { EventsModule } from '#events/events.module.js';
import { PresenterService } from '#events/presenter.service.js';
import { IdentityModule } from '#identity/identity.module.js';
import { CallCommandsService } from './call-commands.service.js';
import { CallsService } from './calls.service.js';
import { CallsStore } from './storage/calls.store.js';
import { TimelineStore } from './storage/timeline.store.js';

/** One call: its facts, its derived state, its events, and how a verb runs on it. */
@Module({
  imports: [AccessModule, EventsModule, IdentityModule],
  providers: [CallsStore, CallsService, TimelineStore, CallCommandsService],
  exports: [CallsService, CallCommandsService],
})
export class CallModule implements OnModuleInit {
  constructor(
    private readonly presenter: PresenterService,
    private readonly calls: CallsService,
  ) {}

  /** Registers the source of SDP: streams show the SDP of a live call to clients with `calls:control`. */
  onModuleInit(): void {
    this.presenter.sessions = this.calls;
  }
}
