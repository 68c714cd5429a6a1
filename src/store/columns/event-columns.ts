import type { Generated } from 'kysely';

/** A row of `events`. */
export interface EventColumns {
  id: Generated<number>;
  /** The stretch of ids on Postgres (an older release: the writing transaction), 0 on SQLite. */
  xid: Generated<number>;
  type: string;
  /** The object of the event, such as a call's id; `sequence` rises per subject. */
  subject: string;
  sequence: number;
  phone_number_id: string | null;
  occurred_at: number;
  expires_at: number | null;
  data: string;
}
