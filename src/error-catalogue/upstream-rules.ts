import { DAY } from '#kernel/clock.js';

/** A rule of Meta or 360dialog that the gateway applies. It changes by announcement, not by API. */
export interface UpstreamRule<V extends number | string = number | string> {
  value: V;
  /** What the value counts: `hours`, `people_per_24h`, `requests_per_24h` …; null for a value that counts nothing. */
  unit: string | null;
  /** The page that states it. */
  source: string;
  /** The date that the page bore when it was read, `YYYY-MM-DD`; null where it bears none. */
  pageDate: string | null;
  /** The day on which the rule was last compared with its source, `YYYY-MM-DD`. */
  checkedOn: string;
}

const META = 'https://developers.facebook.com/documentation/business-messaging/whatsapp';
/** The last day on which the sources were gone through as a whole. */
const CHECKED_ON = '2026-11-28';

const rule = <V extends number | string>(value: V, unit: string | null, source: string, pageDate: string | null): UpstreamRule<V> => ({
  value,
  unit,
  source,
  pageDate,
  checkedOn: CHECKED_ON,
});

const permissions = (value: number, unit: string): UpstreamRule<number> =>
  rule(value, unit, `${META}/calling/user-call-permissions`, '2026-06-26');

/** Every rule in one place, by its id, with its source and the day of its last check. */
export const UPSTREAM_RULES = {
  permission_requests_per_day: permissions(1, 'requests_per_24h'),
  permission_requests_per_week: permissions(2, 'requests_per_7d'),
  calls_per_user_per_day: permissions(100, 'connected_calls_per_24h'),
  unanswered_calls_until_nudge: permissions(2, 'calls_in_a_row'),
  unanswered_calls_until_revocation: permissions(4, 'calls_in_a_row'),
  temporary_permission: permissions(168, 'hours'),
  messaging_limit_for_calling: rule<number>(2_000, 'people_per_24h', `${META}/calling/call-settings`, '2026-06-26'),
  requirement_of_360dialog: rule(2_000, 'people_per_24h', 'https://docs.360dialog.com/docs/messaging/calling', null),
  barred_countries: rule('US, CA, EG, VN, NG', null, `${META}/calling`, '2026-06-26'),
  call_primary: rule(138_038, 'error_code', `${META}/conversation-routing/calling-webhooks`, '2026-10-12'),
  webhook_signature: rule(
    'x-360dialog-signature',
    null,
    'https://docs.360dialog.com/partner/onboarding/webhook-events-and-setup/signature-validation',
    null,
  ),
} as const satisfies Record<string, UpstreamRule>;

/** Meta announces changes of its rules some weeks ahead. */
const TRUSTED_MS = 60 * DAY;

/** The ids of the rules that were checked more than 60 days ago. */
export const outdatedRules = (now: number): string[] =>
  Object.entries(UPSTREAM_RULES)
    .filter(([, { checkedOn }]) => now - Date.parse(checkedOn) > TRUSTED_MS)
    .map(([id]) => id);
