import type { Generated } from 'kysely';

/** What a row of `audit` holds of an administrative action. */
export interface AuditColumns {
  at: number;
  action: string;
  key_id: string;
  operator_id: string | null;
  /** The gateway's own id of the object; no row names a user of WhatsApp. */
  target: string | null;
  request_id: string | null;
  /** In a row that records a result: the action. Null in the row of an action. */
  outcome_of: number | null;
  status: number | null;
  /** JSON list of the numbers that it is about; null for all. */
  numbers: Generated<string | null>;
}
