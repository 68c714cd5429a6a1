import { phoneKey } from '#kernel/wa-id.js';
import type { OurNumber } from './our-number.js';

/** The number for which a webhook is, as far as the webhook names it. */
export type NamedNumber = Pick<OurNumber, 'displayPhoneNumber' | 'wabaId'> & { phoneNumberId: string | null };

/** `entry[].id` as an account; some account webhooks have `"0"` there. */
export const accountOf = (wabaId: string | null): string | null => (wabaId === '0' ? null : wabaId);

/**
 * Whether a webhook is for this number: by id, else by display number, else by the account (WABA) to which it belongs. Null when
 * none of them decides it.
 */
export function isFor(ours: OurNumber, { phoneNumberId, displayPhoneNumber, wabaId }: NamedNumber): boolean | null {
  if (phoneNumberId !== null) return phoneNumberId === ours.phoneNumberId;
  if (displayPhoneNumber !== null && ours.displayPhoneNumber !== null)
    return phoneKey(displayPhoneNumber) === phoneKey(ours.displayPhoneNumber);
  const account = accountOf(wabaId);
  if (account === null || ours.wabaId === null) return null;
  return account !== ours.wabaId ? false : displayPhoneNumber === null || null;
}
