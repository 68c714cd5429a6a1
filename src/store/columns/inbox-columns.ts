import type { Generated } from 'kysely';

/** A row of `deliveries`: a webhook as it was received. */
export interface DeliveryColumns {
  id: Generated<number>;
  /** The stretch of ids on Postgres (an older release: the writing transaction), 0 on SQLite; the order is `(xid, id)`. */
  xid: Generated<number>;
  /** The number whose path or token it came with; empty where none is known. */
  phone_number_id: Generated<string>;
  received_at: number;
  body: Uint8Array;
  state: 'new' | 'done' | 'failed';
  attempts: number;
  /** JSON: how many elements were read, new, known, foreign, unknown; of one that is set aside, why. */
  summary: string | null;
}

/** A row of `unread_fields`. */
export interface UnreadFieldColumns {
  phone_number_id: string;
  field: string;
  elements: number;
  first_at: number;
  last_at: number;
}
