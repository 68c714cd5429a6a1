import type { Stage } from '#simulator/play/stage.js';
import { openAt } from '#simulator/world/call-hours.js';
import { restrictionOf, sipEnabled } from '#simulator/world/number.js';
import type { SimulatedUser } from '#simulator/world/user.js';

/** Why this user cannot call the business now, as WhatsApp decides it before any webhook; `null` when it is possible. */
export function whyNoCall({ calls, clock, number }: Stage, user: SimulatedUser): string | null {
  const { calling } = number;
  if (calling.status !== 'ENABLED') return 'calling is off: WhatsApp shows no call button';
  if (sipEnabled(number)) return 'SIP is on: the call goes to the SIP server, without a webhook';
  if (restrictionOf(number, 'RESTRICTED_USER_INITIATED_CALLING', clock.now())) return 'calls of users are paused by a restriction';
  if (!openAt(calling.call_hours, clock.now())) return 'the business is closed: WhatsApp offers a chat or a call back instead';
  if (calls.liveWith(user)) return `${user.name} is already in a call with the business`;
  if (calls.live().length >= number.maxConcurrentCalls) return 'too many calls at once: the user sees a failure, and no webhook leaves';
  return null;
}
