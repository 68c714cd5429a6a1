import type { Generated } from 'kysely';

/** What a row of `api_keys` holds of its limits. A release before them makes keys without any. */
export interface KeyLimitColumns {
  /** Dials per day of `COMPLIANCE_TIME_ZONE`; null without a limit. */
  dials_per_day: Generated<number | null>;
  /** Permission requests per day of `COMPLIANCE_TIME_ZONE`; null without a limit. */
  asks_per_day: Generated<number | null>;
  /** JSON: `from`, `until` and `time_zone`; null without quiet hours. */
  quiet_hours: Generated<string | null>;
  /** Since when the key is refused; null while it is in use. */
  suspended_at: Generated<number | null>;
}
