import type { JsonRecord } from '#kernel/read.js';
import { FIRST_PORTFOLIO } from './people.js';

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

/** Who may not start calls under a restriction. A hidden button stops nobody. */
const STOPS = {
  RESTRICTED_BUSINESS_INITIATED_CALLING: ['business'],
  RESTRICTED_USER_INITIATED_CALLING: ['user'],
  RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING: ['business', 'user'],
  RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN: [],
} as const satisfies Record<string, readonly ('business' | 'user')[]>;
export type RestrictionType = keyof typeof STOPS;
export const RESTRICTION_TYPES = Object.keys(STOPS) as RestrictionType[];
export const BUTTON_HIDDEN = 'RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN';

/** What Meta and the partner did to the account of the number. */
export const ACCOUNT_STATES = ['active', 'disable_scheduled', 'disabled', 'deleted', 'disconnected'] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

/** A restriction of calls by Meta. */
export interface SimulatedRestriction {
  type: RestrictionType;
  reason: string;
  /** Ms since 1970; null for a hidden button, which lasts until it is shown again. */
  until: number | null;
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

/** A business portfolio at Meta: its numbers share the messaging limit. */
export interface SimulatedPortfolio {
  readonly id: string;
  tier: Tier;
}

/** By what a number is known. */
export interface NumberIdentity {
  readonly phoneNumberId: string;
  readonly displayPhoneNumber: string;
  readonly wabaId: string;
  /** As people see it. */
  readonly name: string;
}

/** The number that every simulator has. Its ids are invented and fixed, so that examples can name them. */
export const FIRST_NUMBER: NumberIdentity = {
  phoneNumberId: '300000000000001',
  displayPhoneNumber: '5215500000001',
  wabaId: '200000000000001',
  name: 'Simulated business',
};

/** A number of the business with its settings and what Meta thinks of it. */
export class SimulatedNumber implements NumberIdentity {
  readonly phoneNumberId: string;
  displayPhoneNumber: string;
  readonly wabaId: string;
  readonly name: string;
  calling: SimulatedCallingSettings = {
    status: 'ENABLED',
    call_icon_visibility: 'DEFAULT',
    callback_permission_status: 'ENABLED',
    sip: { status: 'DISABLED' },
  };
  restrictions: SimulatedRestriction[] = [];
  quality: Quality = 'High';
  account: AccountState = 'active';
  /** Is the number still in the WhatsApp Business app (coexistence)? Only the partner API says so. */
  onBusinessApp = false;
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

  constructor(
    readonly portfolio: SimulatedPortfolio = { id: FIRST_PORTFOLIO, tier: 'TIER_2K' },
    { phoneNumberId, displayPhoneNumber, wabaId, name }: NumberIdentity = FIRST_NUMBER,
  ) {
    this.phoneNumberId = phoneNumberId;
    this.displayPhoneNumber = displayPhoneNumber;
    this.wabaId = wabaId;
    this.name = name;
  }

  /** The messaging limit, which is that of the portfolio. */
  get tier(): Tier {
    return this.portfolio.tier;
  }

  set tier(tier: Tier) {
    this.portfolio.tier = tier;
  }
}

/** Below 2,000 unique users a day, calling cannot be switched on. */
export const reachesCallingTier = ({ tier }: SimulatedNumber): boolean => tier !== 'TIER_250';

/** @see calling overview (2026-06-26) */
export const mayStartCalls = ({ country }: SimulatedNumber): boolean => !['US', 'CA', 'EG', 'VN', 'NG'].includes(country);

const inForce = ({ restrictions }: SimulatedNumber, now: number): SimulatedRestriction[] =>
  restrictions.filter(({ until }) => until === null || until > now);

/** The restriction in force that stops calls of this side. */
export const restrictionOf = (number: SimulatedNumber, side: 'business' | 'user', now: number): SimulatedRestriction | undefined =>
  inForce(number, now).find(({ type }) => (STOPS[type] as readonly string[]).includes(side));

/** Whether the account may be used at all. */
export const accountUsable = ({ account }: SimulatedNumber): boolean => account === 'active' || account === 'disable_scheduled';

export const sipEnabled = ({ calling }: SimulatedNumber): boolean => calling.sip?.status === 'ENABLED';

/** What `GET /calling/settings` shows under `calling`; pauses only while there are any, and a hidden button never. */
export function shownCalling(number: SimulatedNumber, now: number): JsonRecord {
  const active = inForce(number, now).flatMap((one) => (one.until === null ? [] : [{ ...one, until: one.until }]));
  if (!active.length) return { ...number.calling };
  const restrictions_list = active.map(({ type, reason, until }) => ({ type, reason, expiration: Math.floor(until / 1_000) }));
  return { ...number.calling, restrictions: { restrictions_list } };
}
