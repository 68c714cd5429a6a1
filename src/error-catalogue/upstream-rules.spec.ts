import { describe, expect, it } from '@jest/globals';
import { POLICY } from '#calling/permissions/policy.js';
import { BARRED_COUNTRIES, POLICY_DATE, REQUIRED_LIMIT } from '#compliance/eligibility/policy.js';
import { DAY, HOUR } from '#kernel/clock.js';
import { outdatedRules, UPSTREAM_RULES } from './upstream-rules.js';

const CHECKED = Date.parse(UPSTREAM_RULES.temporary_permission.checkedOn);

describe('the rules of Meta and 360dialog', () => {
  it('each name a page, its date and the day of the last check, which is not before the page', () => {
    for (const [id, { source, pageDate, checkedOn }] of Object.entries(UPSTREAM_RULES)) {
      expect([id, source]).toEqual([id, expect.stringMatching(/^https:\/\//)]);
      expect([id, checkedOn]).toEqual([id, expect.stringMatching(/^\d{4}-\d\d-\d\d$/)]);
      expect([id, pageDate === null || pageDate <= checkedOn]).toEqual([id, true]);
    }
  });

  it('are the ones that the gateway applies', () => {
    const limit = (action: string, period: string) =>
      POLICY.limits.find((one) => one.action === action && one.period === period)?.maxAllowed;
    expect({
      permission_requests_per_day: limit('ask', 'PT24H'),
      permission_requests_per_week: limit('ask', 'P7D'),
      calls_per_user_per_day: limit('call', 'PT24H'),
      unanswered_calls_until_nudge: POLICY.nudgeAfter,
      unanswered_calls_until_revocation: POLICY.revokeAfter,
      temporary_permission: POLICY.temporaryMs / HOUR,
      messaging_limit_for_calling: REQUIRED_LIMIT,
      barred_countries: BARRED_COUNTRIES.join(', '),
    }).toEqual(
      Object.fromEntries(
        Object.entries(UPSTREAM_RULES)
          .filter(([id]) => !['requirement_of_360dialog', 'call_primary', 'webhook_signature'].includes(id))
          .map(([id, { value }]) => [id, value]),
      ),
    );
    expect(POLICY.source).toBe(UPSTREAM_RULES.temporary_permission.source);
    expect(POLICY_DATE).toBe(Date.parse('2026-06-26'));
  });

  it('are outdated 60 days after their check, not before', () => {
    expect(outdatedRules(CHECKED + 60 * DAY)).toEqual([]);
    expect(outdatedRules(CHECKED + 61 * DAY)).toEqual(Object.keys(UPSTREAM_RULES));
  });
});
