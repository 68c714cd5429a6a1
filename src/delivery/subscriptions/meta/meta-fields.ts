import { missingScopes } from '#access/authorization/require-scopes.js';
import type { Scope } from '#access/authorization/scope.js';
import { ALL_META_EVENT_TYPES, isMetaEvent, type MetaEventType, type OutboxType, scopesOf } from '#events/event.js';

/** A field of Meta's webhooks to which a subscription in Meta's format may subscribe. */
export type MetaField = MetaEventType extends `meta.${infer Field}` ? Field : never;

const PREFIX = 'meta.';
const fieldOf = (type: MetaEventType): MetaField => type.slice(PREFIX.length) as MetaField;

export const META_FIELDS: readonly MetaField[] = ALL_META_EVENT_TYPES.map(fieldOf);

/** The types of events that carry the elements of these fields. */
export const typesOfFields = (fields: readonly MetaField[]): MetaEventType[] => fields.map((field): MetaEventType => `${PREFIX}${field}`);

/** The fields among the types of a subscription. */
export const fieldsOf = (types: readonly OutboxType[] | null): MetaField[] => (types ?? []).filter(isMetaEvent).map(fieldOf);

/** The types of every field that a key may have; of all fields when it may have none, so that the refusal names what is missing. */
export function readableMetaTypes(held: ReadonlySet<Scope>): MetaEventType[] {
  const readable = ALL_META_EVENT_TYPES.filter((type) => missingScopes(held, scopesOf([type])).length === 0);
  return readable.length > 0 ? readable : [...ALL_META_EVENT_TYPES];
}
