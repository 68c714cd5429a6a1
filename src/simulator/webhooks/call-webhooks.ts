import type { JsonRecord } from '#kernel/read.js';
import type { SimulatedCall } from '#simulator/world/call.js';
import type { SimulatedNumber } from '#simulator/world/number.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import { type SimulatedChange, unixStamp } from './change.js';

export const metadataOf = (number: SimulatedNumber): JsonRecord => ({
  display_phone_number: number.displayPhoneNumber,
  phone_number_id: number.phoneNumberId,
});

/** Absent members stay absent: a user with a BSUID alone has no `wa_id`. */
export const contactEntryOf = (user: SimulatedUser): JsonRecord => ({
  profile: { name: user.name, ...(user.username !== null && { username: user.username }) },
  ...(user.waId !== null && { wa_id: user.waId }),
  ...(user.userId !== null && { user_id: user.userId }),
  ...(user.parentUserId !== null && { parent_user_id: user.parentUserId }),
});

const userSide = (prefix: 'from' | 'to', { waId, userId, parentUserId }: SimulatedUser): JsonRecord => ({
  ...(waId !== null && { [prefix]: waId }),
  ...(userId !== null && { [`${prefix}_user_id`]: userId }),
  ...(parentUserId !== null && { [`${prefix}_parent_user_id`]: parentUserId }),
});

const sides = (number: SimulatedNumber, { user, direction }: SimulatedCall): JsonRecord =>
  direction === 'USER_INITIATED'
    ? { ...userSide('from', user), to: number.displayPhoneNumber }
    : { from: number.displayPhoneNumber, ...userSide('to', user) };

const value = (number: SimulatedNumber, rest: JsonRecord): JsonRecord => ({
  messaging_product: 'whatsapp',
  metadata: metadataOf(number),
  ...rest,
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
export const connectWebhook = (number: SimulatedNumber, call: SimulatedCall, at: number): SimulatedChange => ({
  kind: 'connect',
  about: call.id,
  field: 'calls',
  value: value(number, {
    contacts: [contactEntryOf(call.user)],
    calls: [{ ...event(number, call, 'connect', at), session: { ...call.session }, ...opaqueOf(call) }],
  }),
});

const STATUS_KINDS = { RINGING: 'ringing', ACCEPTED: 'accepted', REJECTED: 'rejected' } as const;

/** A status of a call of the business; `ACCEPTED` carries the moment of the pick-up. */
export const statusWebhook = (
  number: SimulatedNumber,
  call: SimulatedCall,
  status: keyof typeof STATUS_KINDS,
  at: number,
): SimulatedChange => ({
  kind: STATUS_KINDS[status],
  about: call.id,
  field: 'calls',
  value: value(number, {
    statuses: [
      {
        id: call.id,
        type: 'call',
        status,
        timestamp: unixStamp(at),
        ...(call.user.waId !== null && { recipient_id: call.user.waId }),
        ...(call.user.userId !== null && { recipient_user_id: call.user.userId }),
        ...(call.user.parentUserId !== null && { recipient_parent_user_id: call.user.parentUserId }),
        ...opaqueOf(call),
      },
    ],
  }),
});

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
  return {
    kind: 'terminate',
    about: call.id,
    field: 'calls',
    value: value(number, { calls, ...errors }),
  };
}

/** A call of a user that Meta does not pass on, such as 131044 without a payment method. */
export const callErrorWebhook = (number: SimulatedNumber, user: SimulatedUser, code: number, message: string): SimulatedChange => ({
  kind: 'error',
  about: user.id,
  field: 'calls',
  value: value(number, { contacts: [contactEntryOf(user)], errors: [callError(code, message, message)] }),
});

const callError = (code: number, message: string, details: string): JsonRecord => ({
  code,
  message,
  href: 'https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes',
  error_data: { details },
});
