import type { JsonRecord } from '#kernel/read.js';

export const SIMULATED_TIERS = ['TIER_250', 'TIER_2K', 'TIER_10K', 'TIER_100K', 'TIER_UNLIMITED'] as const;
export type Tier = (typeof SIMULATED_TIERS)[number];
/** What people think of the number's messages, in the partner API's words. */
export type Quality = 'High' | 'Medium' | 'Low';

/** The calling feature of the number, in Meta's own spelling. */
export interface SimulatedCallingSettings extends JsonRecord {
  status: 'ENABLED' | 'DISABLED';
  call_icon_visibility: 'DEFAULT' | 'DISABLE_ALL';
  callback_permission_status: 'ENABLED' | 'DISABLED';
  call_hours?: CallHours;
  sip?: { status: 'ENABLED' | 'DISABLED' } & JsonRecord;
}

/** Meta's `call_hours`; times are `HHMM`. */
export interface CallHours {
  status: 'ENABLED' | 'DISABLED';
  timezone_id: string;
  weekly_operating_hours: { day_of_week: string; open_time: string; close_time: string }[];
  holiday_schedule?: { date: string; start_time: string; end_time: string }[];
}

export const RESTRICTION_TYPES = ['RESTRICTED_BUSINESS_INITIATED_CALLING', 'RESTRICTED_USER_INITIATED_CALLING'] as const;
type RestrictionType = (typeof RESTRICTION_TYPES)[number];

/** A restriction of calls by Meta. */
export interface SimulatedRestriction {
  type: RestrictionType;
  reason: string;
  /** Ms since 1970. */
  until: number;
}

/** An approved message template of the business. */
export type Template = ReturnType<typeof template>;

const template = (name: string, language: string, parameters: number, asksPermission: boolean) => ({
  name,
  language,
  /** How many values its body takes. */
  parameters,
  asksPermission,
});

/** The business's number with its settings and what Meta thinks of it. */
export class SimulatedNumber {
  phoneNumberId = '300000000000001';
  displayPhoneNumber = '5215500000001';
  wabaId = '200000000000001';
  calling: SimulatedCallingSettings = {
    status: 'ENABLED',
    call_icon_visibility: 'DEFAULT',
    callback_permission_status: 'ENABLED',
    sip: { status: 'DISABLED' },
  };
  restrictions: SimulatedRestriction[] = [];
  tier: Tier = 'TIER_2K';
  quality: Quality = 'High';
  /** ISO 3166 code of the business number: US, CA, EG, VN and NG may not start calls. */
  country = 'MX';
  /** Is there a payment method? */
  payment = true;
  /** Is 360dialog the Call primary of the number under Conversation Routing? */
  callPrimary = true;
  maxConcurrentCalls = 1_000;
  /** How often per second a permission may be read before 613. */
  permissionReadsPerSecond = 100;
  templates: Template[] = [
    ...['en', 'en_US', 'es', 'es_MX', 'pt_BR'].map((language) => template('call_permission_v1', language, 0, true)),
    template('call_permission_order_v1', 'en', 1, true),
    template('call_permission_order_v1', 'es', 1, true),
    template('hello_world', 'en_US', 0, false),
  ];
}

/** Below 2,000 unique users a day, calling cannot be switched on. */
export const reachesCallingTier = ({ tier }: SimulatedNumber): boolean => tier !== 'TIER_250';

/** @see calling overview (2026-06-26) */
export const mayStartCalls = ({ country }: SimulatedNumber): boolean => !['US', 'CA', 'EG', 'VN', 'NG'].includes(country);

/** The restriction of this type in force. */
export const restrictionOf = (number: SimulatedNumber, type: RestrictionType, now: number): SimulatedRestriction | undefined =>
  number.restrictions.find((restriction) => restriction.type === type && restriction.until > now);

export const sipEnabled = ({ calling }: SimulatedNumber): boolean => calling.sip?.status === 'ENABLED';

/** What `GET /calling/settings` shows under `calling`; restrictions only while there are any. */
export function shownCalling(number: SimulatedNumber, now: number): JsonRecord {
  const active = number.restrictions.filter(({ until }) => until > now);
  if (!active.length) return { ...number.calling };
  const restrictions_list = active.map(({ type, reason, until }) => ({ type, reason, expiration: Math.floor(until / 1_000) }));
  return { ...number.calling, restrictions: { restrictions_list } };
}
