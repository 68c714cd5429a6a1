import type { SubscriptionFormat } from '#delivery/subscriptions/subscription.js';
import type { EventType, OutboxType } from '#events/event.js';
import { defined } from '#kernel/case.js';
import { Problem } from '#kernel/problem.js';
import type { Secret } from '#kernel/secret.js';
import { type MetaField, typesOfFields } from './meta-fields.js';

/** What an API client changes of a subscription that one format alone has; what it leaves out stays. */
export interface FormatChange {
  types?: readonly EventType[] | null;
  fields?: readonly MetaField[];
  verifyToken?: Secret;
}

/** The same as the subscription keeps it. @throws Problem `invalid_request` that names each member of the other format */
export function changeOfFormat(
  format: SubscriptionFormat,
  { types, fields, verifyToken }: FormatChange,
): { types?: readonly OutboxType[] | null; verifyToken?: Secret } {
  if (format === 'meta') refuseMembers('standard', defined({ types }));
  else refuseMembers('meta', defined({ fields, verify_token: verifyToken }));
  return defined({ types: fields ? typesOfFields(fields) : types, verifyToken });
}

/** Refuses members that belong to the other format, by their public names. @throws Problem `invalid_request` */
export function refuseMembers(of: SubscriptionFormat, given: Readonly<Record<string, unknown>>): void {
  const message = { en: `is for format ${of} alone`, es: `solo es para format ${of}` };
  const errors = Object.keys(given).map((field) => ({ field, message }));
  if (errors.length > 0) throw new Problem('invalid_request', { errors });
}
