import type { JsonRecord } from '#kernel/read.js';
import { type AccountState, type Quality, type SimulatedNumber, shownCalling, type Tier } from '#simulator/world/number.js';
import { type SimulatedChange, unixStamp, type WebhookKind } from './change.js';

const change = (field: WebhookKind, value: JsonRecord): SimulatedChange => ({ kind: field, about: 'number', field, value });

/** The whole calling object, sent when one of five of its fields changed. */
export const settingsWebhook = (number: SimulatedNumber, at: number): SimulatedChange =>
  change('account_settings_update', {
    messaging_product: 'whatsapp',
    timestamp: unixStamp(at),
    type: 'phone_number_settings',
    phone_number_settings: { phone_number_id: number.phoneNumberId, calling: shownCalling(number, at) },
  });

/** The restrictions in force. Meta sends this with `entry[].id` "0". */
export const restrictionWebhook = (number: SimulatedNumber): SimulatedChange =>
  change('account_update', {
    phone_number: number.displayPhoneNumber,
    event: 'ACCOUNT_RESTRICTION',
    restriction_info: number.restrictions.map(({ type, until }) => ({
      restriction_type: type,
      ...(until === null ? { remediation: 'Show the call button again' } : { expiration: Math.floor(until / 1_000) }),
    })),
  });

const ACCOUNT_EVENTS: Readonly<Record<AccountState, JsonRecord>> = {
  active: { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'REINSTATE' } },
  disable_scheduled: { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'SCHEDULE_FOR_DISABLE', waba_ban_date: 'January 1, 2030' } },
  disabled: { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'DISABLE' } },
  deleted: { event: 'ACCOUNT_DELETED' },
  disconnected: { event: 'PARTNER_REMOVED' },
};

/** What happened to the account. Meta names the account by `entry[].id`, and no number. @param before its state until now */
export function accountWebhook({ account }: SimulatedNumber, before: AccountState, at: number): SimulatedChange {
  const connected = account === 'active' && (before === 'disconnected' || before === 'deleted');
  const value = connected ? { event: 'PARTNER_ADDED' } : ACCOUNT_EVENTS[account];
  return { ...change('account_update', value), entryAt: at };
}

/** Without a limit it is -1. */
const USERS_PER_DAY: Readonly<Record<Tier, number>> = {
  TIER_250: 250,
  TIER_2K: 2_000,
  TIER_10K: 10_000,
  TIER_100K: 100_000,
  TIER_UNLIMITED: -1,
};

/** The messaging limit of the number changed. */
export const capabilityWebhook = ({ tier }: SimulatedNumber): SimulatedChange =>
  change('business_capability_update', {
    max_daily_conversations_per_business: USERS_PER_DAY[tier],
    max_phone_numbers_per_business: 25,
  });

const EVENT_OF: Readonly<Record<Quality, string>> = { High: 'UNFLAGGED', Medium: 'FLAGGED', Low: 'FLAGGED' };

/** The number was flagged for its quality, or is so no more. It carries the limit of the portfolio, too, and never the rating itself. */
export const qualityWebhook = ({ displayPhoneNumber, quality, tier }: SimulatedNumber): SimulatedChange =>
  change('phone_number_quality_update', {
    display_phone_number: displayPhoneNumber,
    event: EVENT_OF[quality],
    max_daily_conversations_per_business: USERS_PER_DAY[tier],
  });
