import type { AccountChange, Element, NumberFact } from '#dialog360/fact.js';
import { type JsonRecord, list, record, records, text, unixTime } from '#kernel/read.js';
import { digest, displayNumber, elementOf, timeless, unknownElement, type WebhookChange } from './change.js';

/** What a webhook about the number or its account tells, one element for each fact; undefined when `field` is none of them. */
export function readAccount(change: WebhookChange): Element[] | undefined {
  const read = READERS[change.field];
  if (!read) return undefined;
  const { value } = change;
  const settings = record(value.phone_number_settings);
  const about: WebhookChange = {
    ...change,
    phoneNumberId: change.phoneNumberId ?? text(settings?.phone_number_id) ?? null,
    displayPhoneNumber: change.displayPhoneNumber ?? displayNumber(value.phone_number ?? value.display_phone_number),
  };
  const facts = read(value);
  if (facts.length === 0) return [unknownElement(about, value, text(value.event) ?? 'account')];
  const at = unixTime(value.timestamp) ?? change.entryTime;
  return facts.map((fact) => elementOf(about, { id: digest(value), event: `${fact.kind}${timeless(change, at)}`, at }, fact));
}

const READERS: Readonly<Record<string, (value: JsonRecord) => NumberFact[]>> = {
  account_settings_update: (value) => {
    const calling = record(record(value.phone_number_settings)?.calling);
    return calling ? [{ kind: 'settings.changed', calling }] : [];
  },
  account_update: readAccountUpdate,
  business_capability_update: readLimit,
  phone_number_quality_update: readLimit,
};

/** Meta writes it where no limit is set. It says nothing about how many people may be written to. */
const NOT_SET = /^(TIER_)?NOT_SET$/i;

/**
 * The limit of the portfolio, an integer since 2026, counts before those of the number that Meta has removed: `current_limit` in
 * February 2026, `max_daily_conversation_per_phone` with it.
 */
function readLimit(value: JsonRecord): NumberFact[] {
  const said = (member: unknown) => [text(member)].find((word) => word !== undefined && !NOT_SET.test(word));
  const portfolio = said(value.max_daily_conversations_per_business);
  const limit = portfolio ?? said(value.max_daily_conversation_per_phone) ?? said(value.current_limit);
  if (limit === undefined) return [];
  return [{ kind: 'limit.changed', limit, scope: portfolio === undefined ? 'number' : 'portfolio', event: text(value.event) ?? null }];
}

/** A violation, its restrictions and a change of the account may stand in one webhook. */
function readAccountUpdate(value: JsonRecord): NumberFact[] {
  const violationType = text(record(value.violation_info)?.violation_type);
  const restrictions = restrictionsIn(value);
  const changed = readAccountChange(value);
  return [
    ...(violationType === undefined ? [] : [{ kind: 'account.violation' as const, violationType }]),
    ...(restrictions ? [{ kind: 'account.restricted' as const, restrictions }] : []),
    ...(changed ? [changed] : []),
  ];
}

/** Undefined without any; an empty list of restrictions says that none is in force. */
function restrictionsIn({ restriction_info: info }: JsonRecord): { type: string; expiresAt: number | null }[] | undefined {
  const listed = Array.isArray(info) ? info : [info];
  const restrictions = records(listed).flatMap((restriction) => {
    // The settings call it `type`.
    const type = text(restriction.restriction_type) ?? text(restriction.type);
    return type === undefined ? [] : [{ type, expiresAt: unixTime(restriction.expiration) ?? null }];
  });
  return restrictions.length > 0 || (Array.isArray(info) && info.length === 0) ? restrictions : undefined;
}

/**
 * The events of `account_update` about the account itself.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/account_update (2026-04-20)
 */
const CHANGES: Readonly<Record<string, AccountChange>> = {
  ACCOUNT_DELETED: 'deleted',
  DISABLED_UPDATE: 'unclear',
  ACCOUNT_OFFBOARDED: 'disconnected',
  PARTNER_REMOVED: 'disconnected',
  PARTNER_APP_UNINSTALLED: 'disconnected',
  ACCOUNT_RECONNECTED: 'connected',
  PARTNER_ADDED: 'connected',
  PARTNER_APP_INSTALLED: 'connected',
};

const BANS: Readonly<Record<string, AccountChange>> = {
  DISABLE: 'disabled',
  SCHEDULE_FOR_DISABLE: 'disable_scheduled',
  REINSTATE: 'reinstated',
};

function readAccountChange(value: JsonRecord): NumberFact | null {
  const ban = record(value.ban_info);
  const event = text(value.event)?.toUpperCase() ?? (ban ? 'DISABLED_UPDATE' : '');
  const state = text(ban?.waba_ban_state) ?? text(list(ban?.waba_ban_state)[0]);
  const change = BANS[state?.toUpperCase() ?? ''] ?? (ban ? 'unclear' : CHANGES[event]);
  return change === undefined ? null : { kind: 'account.changed', change, event, date: text(ban?.waba_ban_date) ?? null };
}
