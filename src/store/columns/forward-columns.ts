import type { Generated } from 'kysely';

/** A row of `forwards`. */
export interface ForwardColumns {
  /** `webhook` for that of the environment, else the id of the number. */
  name: string;
  /** Null while the number of the environment is unknown. */
  phone_number_id: Generated<string | null>;
  xid: number;
  delivery_id: number;
  /** The replica that forwards, and the end of its lease; only on Postgres. */
  holder: string | null;
  held_by_until: number | null;
  /** Nothing is forwarded before: the target asked for a wait (`Retry-After`), or refused a delivery that is tried again then. */
  held_until: number | null;
}

/** A row of `refused_forwards`. */
export interface RefusedForwardColumns {
  delivery_id: number;
  /** `trying` holds the queue, `set_aside` holds nothing, `replaying` is posted once more. */
  state: 'trying' | 'set_aside' | 'replaying';
  /** Refusals and failed replays so far. */
  attempts: number;
  /** The HTTP status of the last one; null when no answer came. */
  status: number | null;
  first_refused_at: number;
  last_refused_at: number;
}
