import type { Delivery, NewDelivery } from '#inbox/inbox.store.js';
import type { QueueLease } from '#inbox/queue/queue-lease.js';
import type { Parsed } from './elements.service.js';

/** Deliveries of one number, as many as fit into a transaction with others. */
export interface NumberBatch<D extends NewDelivery> {
  phoneNumberId: string;
  parsed: readonly Parsed<D>[];
  /** How many elements they hold. */
  elements: number;
}

/** New bodies. */
export type NewBatch = NumberBatch<NewDelivery>;

/** Persisted deliveries. */
export interface KeptBatch extends NumberBatch<Delivery> {
  lease: QueueLease;
}
