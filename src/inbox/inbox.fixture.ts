import type { NumbersService } from '#identity/numbers.service.js';
import type { Clock } from '#kernel/clock.js';
import type { Store } from '#store/store.js';
import { Metrics } from '#telemetry/metrics.js';
import { ElementsService } from './elements.service.js';
import { InboxService } from './inbox.service.js';
import { InboxStore } from './inbox.store.js';
import type { InboxWorker } from './inbox.worker.js';
import { Overload } from './overload.service.js';

/** An inbox that persists deliveries and applies none; a test hands facts to the handlers of `elements` itself. */
export function inboxOf(store: Store, clock: Clock, metrics = new Metrics()): { inbox: InboxService; elements: ElementsService } {
  const kept = new InboxStore(store);
  const elements = new ElementsService(kept, {} as NumbersService, metrics);
  const idle = { processInline: async () => false, drain: async () => undefined } as unknown as InboxWorker;
  return { inbox: new InboxService(kept, elements, idle, new Overload(clock), clock, metrics), elements };
}
