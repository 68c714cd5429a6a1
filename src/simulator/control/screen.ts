import { rfc3339 } from '#kernel/clock.js';
import type { JsonRecord } from '#kernel/read.js';
import type { SimulatorContext } from '#simulator/play/context.js';
import type { SimulatedCall } from '#simulator/world/call.js';
import { heldPermission, PERMISSION_LIFE_MS } from '#simulator/world/permissions.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import { progressView } from './views.js';
import { whyNoCall } from './why-no-call.js';

/** What this user's phone shows now: the open permission card, the call with the business's SDP, or the last one. */
export function screenView(context: SimulatorContext, user: SimulatedUser): JsonRecord {
  const now = context.clock.now();
  const { id, name, role, waId, userId, openRequest } = user;
  const permission = heldPermission(user, now);
  const calls = context.calls.all().filter((call) => call.user === user);
  const live = calls.findLast(({ state }) => state !== 'ended');
  const last = calls.findLast(({ state }) => state === 'ended');
  const card = openRequest && !openRequest.answered && openRequest.at > now - PERMISSION_LIFE_MS ? openRequest : null;
  return {
    user: { id, name, role, wa_id: waId, user_id: userId },
    business: { phone: context.number.displayPhoneNumber, phone_number_id: context.number.phoneNumberId },
    numbers: context
      .all()
      .map(({ number }) => ({ phone_number_id: number.phoneNumberId, phone: number.displayPhoneNumber, name: number.name })),
    played_by_page: context.pages.has(user),
    permission: { status: permission?.kind ?? 'no_permission', expires_at: rfc3339(permission?.until) },
    request: card && { message_id: card.wamid, text: card.text, asked_at: rfc3339(card.at) },
    call: live ? callOnScreen(context, live) : null,
    last_call: last ? { ...callOnScreen(context, last), session: null } : null,
    cannot_call: whyNoCall(context, user),
  };
}

const callOnScreen = ({ phones }: SimulatorContext, call: SimulatedCall): JsonRecord => ({
  ...progressView(call),
  media: phones.report(call).peer,
  session: call.ofBusiness && { sdp_type: call.direction === 'USER_INITIATED' ? 'answer' : 'offer', sdp: call.ofBusiness },
});
