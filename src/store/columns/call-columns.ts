import type { Generated } from 'kysely';

/** What a row of `calls` holds; `knowledge` holds the facts, the columns of times and states are derived from them. */
export interface CallColumns {
  id: string;
  phone_number_id: string;
  person_id: string;
  wacid: string | null;
  direction: 'inbound' | 'outbound';
  state: string;
  outcome: string | null;
  /** 1 until the call has ended. */
  live: number;
  /** The user as the client wrote them. */
  input: string | null;
  reference: string | null;
  knowledge: string;
  sequence: number;
  created_at: number;
  /** The deadline of the state; null once ended. */
  deadline_at: number | null;
  ended_at: number | null;
  /** The caller's own `biz_opaque_callback_data` of a call through the Graph API; null for none. A release before it leaves it out. */
  callback_data: Generated<string | null>;
  /** The id of the key that connected the call through the Graph API; null for every other call. */
  connected_by: Generated<string | null>;
}
