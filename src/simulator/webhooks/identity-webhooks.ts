import type { JsonRecord } from '#kernel/read.js';
import type { SimulatedNumber } from '#simulator/world/number.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import { metadataOf } from './call-webhooks.js';
import { type SimulatedChange, unixStamp } from './change.js';

/** The ids of a user at one moment. */
export type UserAddresses = Pick<SimulatedUser, 'waId' | 'userId' | 'parentUserId'>;

/**
 * Where the former ids stand: in `previous_…` members of `system`, as since August 2026; in the sender of the message, as before; or in
 * the text alone.
 */
export const IDENTITY_FORMS = ['previous', 'sender', 'body'] as const;
export type IdentityForm = (typeof IDENTITY_FORMS)[number];

const member = (name: string, value: string | null): JsonRecord => (value === null ? {} : { [name]: value });

/** A message of type `system`: the user goes on under another number, or with a hidden number under another BSUID. */
export function identityWebhook(
  number: SimulatedNumber,
  user: SimulatedUser,
  former: UserAddresses,
  wamid: string,
  form: IdentityForm,
  at: number,
): SimulatedChange {
  const type = user.waId === null ? 'user_changed_user_id' : 'user_changed_number';
  const previous = { ...member('previous_user_id', former.userId), ...member('previous_parent_user_id', former.parentUserId) };
  const from = member('from', former.waId);
  const senders: Record<IdentityForm, JsonRecord> = {
    previous: from,
    sender: { ...from, ...member('from_user_id', former.userId) },
    body: {},
  };
  const system = {
    type,
    body: `User ${user.name} changed from ${former.waId ?? former.userId} to ${user.waId ?? user.userId}`,
    ...member('wa_id', user.waId),
    ...member('user_id', user.userId),
    ...member('parent_user_id', user.parentUserId),
    ...(form === 'previous' && previous),
  };
  const message = { ...senders[form], id: wamid, timestamp: unixStamp(at), type: 'system', system };
  return {
    kind: type,
    about: user.id,
    field: 'messages',
    value: { messaging_product: 'whatsapp', metadata: metadataOf(number), messages: [message] },
  };
}
