import type { Generated } from 'kysely';

/** What a row of `api_keys` holds. A release before limits makes keys without any. */
export interface KeyColumns {
  name: string;
  hash: string;
  /** JSON list of scopes. */
  scopes: string;
  source: 'environment' | 'first' | 'api';
  /** 1 for a key that was made with every scope of its release: it gets each new scope with the release that brings it. */
  every_scope: number;
  /** JSON list of the ids of the numbers that it reaches; null for all, later ones too. */
  numbers: Generated<string | null>;
  /** Rises when a number is taken from it. */
  reach_revision: Generated<number>;
  created_at: number;
  last_used_at: number | null;
  /** Dials per day of `COMPLIANCE_TIME_ZONE`; null without a limit. */
  dials_per_day: Generated<number | null>;
  /** Permission requests per day of `COMPLIANCE_TIME_ZONE`; null without a limit. */
  asks_per_day: Generated<number | null>;
  /** JSON: `from`, `until` and `time_zone`; null without quiet hours. */
  quiet_hours: Generated<string | null>;
  /** Since when the key is refused; null while it is in use. */
  suspended_at: Generated<number | null>;
}

/** What a row of `key_budgets` holds of a day. */
export interface KeyBudgetColumns {
  kind: 'dial' | 'ask';
  /** In `COMPLIANCE_TIME_ZONE`, such as `2026-11-23`. */
  day: string;
  used: number;
}
