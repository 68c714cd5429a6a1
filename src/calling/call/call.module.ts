import { Module, type OnModuleInit } from '@nestjs/common';
import { AccessModule } from '#access/access.module.js';
import { EventsModule } from '#events/events.module.js';
import { OutboxService } from '#events/outbox.service.js';
import { PresenterService } from '#events/presenter.service.js';
import { IdentityModule } from '#identity/identity.module.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { CallCommandsService } from './call-commands.service.js';
import { CallsService } from './calls.service.js';
import { CallsWithPeople } from './calls-with-people.service.js';
import { EarlyFactsService } from './early-facts.service.js';
import { CallsStore } from './storage/calls.store.js';
import { TimelineStore } from './storage/timeline.store.js';

/** One call: its facts, its derived state, its events, and how a verb runs on it. */
@Module({
  imports: [AccessModule, EventsModule, IdentityModule],
  providers: [CallsStore, CallsService, CallsWithPeople, TimelineStore, EarlyFactsService, CallCommandsService],
  exports: [CallsService, CallsWithPeople, EarlyFactsService, CallCommandsService],
})
export class CallModule implements OnModuleInit {
  constructor(
    private readonly presenter: PresenterService,
    private readonly calls: CallsService,
    private readonly store: CallsStore,
    private readonly outbox: OutboxService,
    private readonly numbers: NumbersService,
  ) {}

  /** Registers the source of SDP, which streams show of a live call to clients with `calls:control`, and whose inbound calls are announced. */
  onModuleInit(): void {
    this.presenter.sessions = this.calls;
    this.outbox.readCallBeside(
      (id) => this.store.asJson(id),
      () => this.presenter.hasShownSessions,
    );
    this.calls.announces = (phoneNumberId) => (this.numbers.byId(phoneNumberId)?.state ?? 'active') === 'active';
  }
}
