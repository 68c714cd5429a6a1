import type { JsonRecord } from '#kernel/read.js';
import type { SimulatedCall } from '#simulator/world/call.js';
import type { SimulatedNumber } from '#simulator/world/number.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import { type SimulatedChange, unixStamp, type WebhookKind } from './change.js';

export const metadataOf = (number: SimulatedNumber): JsonRecord => ({
  display_phone_number: number.displayPhoneNumber,
  phone_number_id: number.phoneNumberId,
});

/**
 * The user's addresses, under a name for the phone and a prefix for the ids. Absent members stay absent: a BSUID alone has no phone, unless
 * the user is one whose BSUID stands where a number stands.
 */
export function userMembersOf({ waId, userId, parentUserId, bsuidAsNumber }: SimulatedUser, phone: string, prefix = ''): JsonRecord {
  if (waId === null && bsuidAsNumber) return { [phone]: userId };
  return {
    ...(waId !== null && { [phone]: waId }),
    ...(userId !== null && { [`${prefix}user_id`]: userId }),
    ...(parentUserId !== null && { [`${prefix}parent_user_id`]: parentUserId }),
  };
}

export const contactEntryOf = (user: SimulatedUser): JsonRecord => ({
  profile: { name: user.name, ...(user.username !== null && { username: user.username }) },
  ...userMembersOf(user, 'wa_id'),
});

const sides = (number: SimulatedNumber, { user, direction }: SimulatedCall): JsonRecord =>
  direction === 'USER_INITIATED'
    ? { ...userMembersOf(user, 'from', 'from_'), to: number.displayPhoneNumber }
    : { from: number.displayPhoneNumber, ...userMembersOf(user, 'to', 'to_') };

const change = (kind: WebhookKind, about: string, number: SimulatedNumber, rest: JsonRecord): SimulatedChange => ({
  kind,
  about,
  field: 'calls',
  value: { messaging_product: 'whatsapp', metadata: metadataOf(number), ...rest },
});

const opaqueOf = ({ opaque }: SimulatedCall): JsonRecord => (opaque === undefined ? {} : { biz_opaque_callback_data: opaque });

const payloadsOf = ({ ctaPayload, deeplinkPayload }: SimulatedCall): JsonRecord => ({
  ...(ctaPayload !== undefined && { cta_payload: ctaPayload }),
  ...(deeplinkPayload !== undefined && { deeplink_payload: deeplinkPayload }),
});

const event = (number: SimulatedNumber, call: SimulatedCall, name: 'connect' | 'terminate', at: number): JsonRecord => ({
  id: call.id,
  ...sides(number, call),
  event: name,
  timestamp: unixStamp(at),
  direction: call.direction,
  ...payloadsOf(call),
});

/** The call is there: with the user's offer when a user calls, with Meta's answer when the business does. */
export const connectWebhook = (number: SimulatedNumber, call: SimulatedCall, at: number): SimulatedChange =>
  change('connect', call.id, number, {
    contacts: [contactEntryOf(call.user)],
    calls: [{ ...event(number, call, 'connect', at), session: { ...call.session }, ...opaqueOf(call) }],
  });

const STATUS_KINDS = { RINGING: 'ringing', ACCEPTED: 'accepted', REJECTED: 'rejected' } as const;

/** A status of a call of the business; `ACCEPTED` carries the moment of the pick-up. */
export function statusWebhook(
  number: SimulatedNumber,
  call: SimulatedCall,
  status: keyof typeof STATUS_KINDS,
  at: number,
): SimulatedChange {
  const recipient = userMembersOf(call.user, 'recipient_id', 'recipient_');
  const entry = { id: call.id, type: 'call', status, timestamp: unixStamp(at), ...recipient, ...opaqueOf(call) };
  return { ...change(STATUS_KINDS[status], call.id, number, { statuses: [entry] }), contact: contactEntryOf(call.user) };
}

/** Meta's codes for a set-up or media failure, sent beside the terminate. */
const FAILURES: Readonly<Record<number, string>> = {
  138019: 'Client failed to set up call',
  138020: 'Client could not reach relay',
  138021: 'Media receive timeout',
  138022: 'Media transmit timeout',
  138023: 'Connection status unknown',
};

/** The end of a call: never with a reason, and with times only when the call was answered. */
export function terminateWebhook(number: SimulatedNumber, call: SimulatedCall, failure: number | null): SimulatedChange {
  const ended = call.endedAt ?? call.startedAt;
  const times =
    call.pickedUpAt === null
      ? {}
      : {
          start_time: unixStamp(call.pickedUpAt),
          end_time: unixStamp(ended),
          duration: Math.floor(ended / 1_000) - Math.floor(call.pickedUpAt / 1_000),
        };
  const status = failure === null ? 'COMPLETED' : 'FAILED';
  const calls = [{ ...event(number, call, 'terminate', ended), status, ...times, ...opaqueOf(call) }];
  const errors =
    failure === null ? {} : { errors: [callError(failure, FAILURES[failure] ?? 'Call failed', 'The simulated media connection broke')] };
  return { ...change('terminate', call.id, number, { calls, ...errors }), contact: contactEntryOf(call.user) };
}

/** A call of a user that Meta does not pass on, such as 131044 without a payment method. */
export const callErrorWebhook = (number: SimulatedNumber, user: SimulatedUser, code: number, message: string): SimulatedChange =>
  change('error', user.id, number, { contacts: [contactEntryOf(user)], errors: [callError(code, message, message)] });

const callError = (code: number, message: string, details: string): JsonRecord => ({
  code,
  message,
  href: 'https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes',
  error_data: { details },
});
