import type { Clock } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { Metrics } from '#telemetry/metrics.js';
import { InboxService } from './inbox.service.js';
import { InboxStore } from './inbox.store.js';
import { Overloads } from './intake/overloads.service.js';
import { FactHandlers } from './received-fact.js';
import { UnreadFieldsStore } from './unread-fields.store.js';

/** An inbox that persists deliveries and applies none; a test hands facts to the handlers itself. */
export function inboxOf(store: Store, clock: Clock, metrics = new Metrics()): { inbox: InboxService; handlers: FactHandlers } {
  const handlers = new FactHandlers();
  const keptUnder = (phoneNumberId: string) => [phoneNumberId, ''];
  const idle = {
    processInline: async () => false,
    applyKept: async () => undefined,
    elsewhere: () => new Set<null>(),
    applied: async () => undefined,
    keptUnder,
  };
  const kept = new InboxStore(store);
  const inbox = new InboxService(kept, handlers, idle, new Overloads(clock), clock, metrics, new UnreadFieldsStore());
  return { inbox, handlers };
}
