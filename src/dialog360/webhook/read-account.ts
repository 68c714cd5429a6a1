import type { Element, NumberFact } from '#dialog360/fact.js';
import { type JsonRecord, record, records, text, unixTime } from '#kernel/read.js';
import { digest, displayNumber, elementOf, unknownElement, type WebhookChange } from './change.js';

/** Webhooks about the number or its account; undefined when `field` is none of them. */
export function readAccount(change: WebhookChange): Element | undefined {
  const read = READERS[change.field];
  if (!read) return undefined;
  const { value } = change;
  const settings = record(value.phone_number_settings);
  const about: WebhookChange = {
    ...change,
    phoneNumberId: change.phoneNumberId ?? text(settings?.phone_number_id) ?? null,
    displayPhoneNumber: change.displayPhoneNumber ?? displayNumber(value.phone_number ?? value.display_phone_number),
  };
  const fact = read(value);
  if (fact === null) return unknownElement(about, value, text(value.event) ?? 'account');
  return elementOf(about, { id: digest(value), event: fact.kind, at: unixTime(value.timestamp) ?? change.entryTime }, fact);
}

const READERS: Readonly<Record<string, (value: JsonRecord) => NumberFact | null>> = {
  account_settings_update: (value) => {
    const calling = record(record(value.phone_number_settings)?.calling);
    return calling ? { kind: 'settings.changed', calling } : null;
  },
  account_update: readAccountUpdate,
  business_capability_update: (value) => {
    const portfolio = text(value.max_daily_conversations_per_business);
    const limit = portfolio ?? text(value.max_daily_conversation_per_phone);
    return limit === undefined
      ? null
      : { kind: 'limit.changed', limit, scope: portfolio === undefined ? 'number' : 'portfolio', event: text(value.event) ?? null };
  },
  phone_number_quality_update: (value) => {
    const limit = text(value.current_limit);
    return limit === undefined ? null : { kind: 'limit.changed', limit, scope: 'number', event: text(value.event) ?? null };
  },
};

function readAccountUpdate(value: JsonRecord): NumberFact | null {
  const violationType = text(record(value.violation_info)?.violation_type);
  if (violationType !== undefined) return { kind: 'account.violation', violationType };
  const listed = Array.isArray(value.restriction_info) ? value.restriction_info : [value.restriction_info];
  const restrictions = records(listed).flatMap((restriction) => {
    const type = text(restriction.restriction_type);
    return type === undefined ? [] : [{ type, expiresAt: unixTime(restriction.expiration) ?? null }];
  });
  return restrictions.length > 0 ? { kind: 'account.restricted', restrictions } : null;
}
