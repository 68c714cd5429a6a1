import { isStoreFault } from '#store/store-fault.js';

/** The right to apply the deliveries of one queue. */
export interface QueueLease {
  key: string;
  /** Fences a holder off that stood still while another took over; null on SQLite, where there is one process. */
  token: number | null;
}

/** Another replica has taken over the queue, or applied what was to be applied. */
export class QueueLost extends Error {}

/** Whether an error may lie in what is applied: not in the database, nor in the right to apply it. */
export const isOfDelivery = (error: unknown): boolean => !isStoreFault(error) && !(error instanceof QueueLost);
