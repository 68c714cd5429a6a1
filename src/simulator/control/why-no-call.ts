import type { SimulatorContext } from '#simulator/play/context.js';
import { openAt } from '#simulator/world/call-hours.js';
import { accountUsable, restrictionOf, sipEnabled } from '#simulator/world/number.js';
import type { SimulatedUser } from '#simulator/world/user.js';

const OBSTACLES = {
  account: 'the account of the business is not in use',
  calling_off: 'calling is off: WhatsApp shows no call button',
  sip: 'SIP is on: the call goes to the SIP server, without a webhook',
  restricted: 'calls of users are paused by a restriction',
  closed: 'the business is closed: WhatsApp offers a chat or a call back instead',
  in_call: 'this user is already in a call with the business',
  too_many: 'too many calls at once: the user sees a failure, and no webhook leaves',
} as const;

/** Why WhatsApp lets this user not call the business now, before any webhook; `null` when the call is possible. */
export function whyNoCall(context: SimulatorContext, user: SimulatedUser): { code: keyof typeof OBSTACLES; message: string } | null {
  const code = obstacle(context, user);
  return code && { code, message: OBSTACLES[code] };
}

function obstacle({ calls, clock, number }: SimulatorContext, user: SimulatedUser): keyof typeof OBSTACLES | null {
  const { calling } = number;
  if (!accountUsable(number)) return 'account';
  if (calling.status !== 'ENABLED') return 'calling_off';
  if (sipEnabled(number)) return 'sip';
  if (restrictionOf(number, 'user', clock.now())) return 'restricted';
  if (!openAt(calling.call_hours, clock.now())) return 'closed';
  if (calls.liveWith(user)) return 'in_call';
  return calls.live().length >= number.maxConcurrentCalls ? 'too_many' : null;
}
