import type { LatestReading } from '#compliance/eligibility/reading.js';
import { DAY } from '#kernel/clock.js';
import type { GateFinding } from './gate.js';

/** Whether the number is still in the WhatsApp Business app (coexistence, COEX), as the partner's channel says. */
export interface ReportedCoexistence {
  onBusinessApp: boolean;
}

/** The channel is read with each poll; older than this it proves nothing. */
const TRUSTED_MS = 7 * DAY;

/**
 * 360dialog's page on calling: not supported for COEX numbers. Only the partner API says whether a number is one, so it is unknown
 * without partner credentials.
 * @see https://docs.360dialog.com/docs/messaging/calling (2026-11-28)
 */
export function notOnBusinessApp({ value, source, observedAt }: LatestReading<ReportedCoexistence>, now: number): GateFinding {
  if (value === null || observedAt === null || observedAt <= now - TRUSTED_MS) return { verdict: 'unknown' };
  const seen = { required: 'cloud_api', source, observedAt };
  if (!value.onBusinessApp) return { ...seen, verdict: 'pass', value: 'cloud_api' };
  return { ...seen, verdict: 'fail', value: 'business_app', code: 'number_on_business_app' };
}
