import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsBoolean, IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { ALL_SCOPES, type Scope } from '#access/authorization/scope.js';
import { ALL_EVENT_TYPES, type EventType, isEventType } from '#events/event.js';
import { defined } from '#kernel/case.js';
import { rfc3339 } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Secret } from '#kernel/secret.js';
import { withoutQueryValues } from '#outbound-http/safe-url.js';
import { shownLoss } from './gap.js';
import { refuseMembers } from './meta/format-change.js';
import { fieldsOf, META_FIELDS, type MetaField, typesOfFields } from './meta/meta-fields.js';
import { type Subscription, type SubscriptionFormat, secretOf } from './subscription.js';
import type { NewSubscription, SubscriptionChange } from './subscriptions.service.js';

const FORMATS = ['standard', 'meta'] as const satisfies readonly SubscriptionFormat[];

/** A new subscription. It receives the events that happen after its creation. */
export class CreateSubscriptionDto {
  /**
   * Where events are posted: `https:`, a public host, port 443 or from 1024 on.
   * @format uri
   */
  @IsString()
  @Length(1, 2_048)
  url: string;
  /**
   * How events are posted. `standard`: events of the gateway, signed after Standard Webhooks. `meta` (with `GRAPH_API`): elements of webhooks as Meta
   * posts them, one in each post, signed by `X-Hub-Signature-256`, for software that is written for Meta.
   */
  @IsOptional()
  @IsIn(FORMATS)
  format?: SubscriptionFormat = 'standard';
  /** For `standard`. Only events of these types; all when left out. The key needs the scope that reads the same over REST, for each type. */
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(ALL_EVENT_TYPES.length)
  @ArrayUnique()
  @IsIn(ALL_EVENT_TYPES, { each: true })
  types?: EventType[] | null;
  /** For `standard`. What deliveries may show: scopes of the key itself; `calls:control` adds the `session` of calls. None when left out. */
  @IsOptional()
  @ArrayMaxSize(ALL_SCOPES.length)
  @ArrayUnique()
  @IsIn(ALL_SCOPES, { each: true })
  scopes?: Scope[];
  /** A note for people, at most 200 characters. */
  @IsOptional()
  @IsString()
  @Length(0, 200)
  description?: string | null;
  /** Only events of this number, by its id; all numbers when left out. */
  @IsOptional()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string | null;
  /** For `meta`, which needs it: the endpoint must know it to answer the handshake, a GET with `hub.mode`, `hub.verify_token` and `hub.challenge`. */
  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,256}$/)
  verify_token?: string | null;
  /** For `meta`: the app secret that signs, 16 to 256 characters of ASCII; made when left out. */
  @IsOptional()
  @Matches(/^[\x21-\x7e]{16,256}$/)
  secret?: string | null;
  /**
   * For `meta`: `calls` needs `calls:read` and `calls:control`, since it carries SDP; `messages`, of which only replies to permission requests
   * are sent, `permissions:read`; `account_settings_update` `settings:read`. Those that the key may have when left out.
   */
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(META_FIELDS.length)
  @ArrayUnique()
  @IsIn(META_FIELDS, { each: true })
  fields?: MetaField[] | null;
}

/** A change of a subscription; members that are left out stay. Its scopes and its number cannot change. */
export class ChangeSubscriptionDto {
  /**
   * Where events are posted, under the rules of the creation; with `EVENTS_CHALLENGE`, and in the format `meta`, the new URL must give a challenge
   * back.
   * @format uri
   */
  @IsOptional()
  @IsString()
  @Length(1, 2_048)
  url?: string;
  /** For `standard`. Only events of these types; `null` for all. */
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(ALL_EVENT_TYPES.length)
  @ArrayUnique()
  @IsIn(ALL_EVENT_TYPES, { each: true })
  types?: EventType[] | null;
  /** A note for people, at most 200 characters; `null` for none. */
  @IsOptional()
  @IsString()
  @Length(0, 200)
  description?: string | null;
  /** `true` pauses deliveries; `false` resumes them where they stopped, also after the gateway disabled the subscription. */
  @IsOptional()
  @IsBoolean()
  paused?: boolean;
  /** For `meta`: another token, with which the endpoint must answer the handshake. */
  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,256}$/)
  verify_token?: string;
  /** For `meta`: elements of these fields, under the rules of the creation. */
  @IsOptional()
  @ArrayNotEmpty()
  @ArrayMaxSize(META_FIELDS.length)
  @ArrayUnique()
  @IsIn(META_FIELDS, { each: true })
  fields?: MetaField[];
}

/** Events that the gateway purged, 7 days after they happened, before their delivery. */
export class GapDto {
  /** How many wanted events were lost. */
  events: number;
  /**
   * When the first of them happened.
   * @format date-time
   */
  from: string;
  /** When the last of them happened. */
  until: string;
  /**
   * The path that lists every call of the lost events in its present state; a replay of the events is not possible.
   * @format uri-reference
   */
  calls: string;
}

/** A subscription without its secrets; times are RFC 3339. */
export class SubscriptionDto {
  /** Begins with `sub_`. */
  id: string;
  /** Where events are posted; the values of its query are redacted. */
  url: string;
  /** A note for people; `null` for none. */
  description: string | null;
  /** How events are posted. */
  format: SubscriptionFormat;
  /** Only events of these types; `null` for all. Empty in the format `meta`, which carries none of the gateway's events. */
  types: EventType[] | null;
  /** In the format `meta`, the fields of Meta's webhooks; `null` in `standard`. */
  fields: MetaField[] | null;
  /** What deliveries may show. */
  scopes: Scope[];
  /** Only events of this number; `null` for all numbers. */
  phone_number_id: string | null;
  /** The id of the API key that created it. */
  created_by: string;
  /** The id of the API key that it belongs to: the last one that created or changed it. It is paused when that key is deleted. */
  key_id: string;
  /** RFC 3339, UTC. */
  created_at: string;
  /** `disabled`: the gateway stopped the deliveries; `PATCH` with `"paused": false` resumes them, as it does those that are paused. */
  state: 'active' | 'paused' | 'disabled';
  /** When the gateway disabled or paused it; `null` when it did neither. */
  disabled_at: string | null;
  /**
   * Why the gateway stopped it. `gone`: the endpoint answered 410. `failing`: every attempt of five days failed. `key_deleted`: its key was
   * deleted. `key_suspended`: its key was suspended. `scope_missing`: its key lacks a scope of what it carries. A `PATCH` by a key with these scopes makes it that key's.
   * `secret_unreadable`: its secret was changed or moved in the database; `POST …/rotate-secret` makes a new one.
   */
  disabled_reason: 'gone' | 'failing' | 'key_deleted' | 'key_suspended' | 'scope_missing' | 'secret_unreadable' | null;
  /** Failed attempts since the last success. */
  failures: number;
  /** When the first of these attempts failed; `null` without one. */
  failing_since: string | null;
  /** The gateway sends nothing before: the endpoint sent `Retry-After`, or is down and gets one attempt at a time. `null` for no wait. */
  held_until: string | null;
  /** Until when a replaced secret signs beside the present one; `null` for none. */
  previous_secret_until: string | null;
  /** The last loss of events while it was paused, disabled or behind; `subscription.gap` reports it as well. `null` for none. */
  gap: GapDto | null;
}

/** A subscription with its new secret, after its creation or the rotation of its secret. */
export class SubscriptionWithSecretDto extends SubscriptionDto {
  /** Verifies the signatures of deliveries: of Standard Webhooks or, in the format `meta`, as an app secret. The gateway shows it only in this response. */
  secret: string;
}

/** A page of subscriptions. */
export class SubscriptionPageDto {
  /** The oldest first. */
  data: SubscriptionDto[];
  /** The `cursor` of the next page; `null` on the last page. */
  next_cursor: string | null;
}

/** @throws Problem `invalid_request` for members that the format does not have, and one that it lacks */
export function newSubscriptionOf(dto: CreateSubscriptionDto): NewSubscription {
  const { url, description = null, phone_number_id: phoneNumberId = null } = dto;
  const isMeta = dto.format === 'meta';
  const { types, scopes, fields, verify_token, secret } = dto;
  refuseMembers(isMeta ? 'standard' : 'meta', given(isMeta ? { types, scopes } : { fields, verify_token, secret }));
  if (!isMeta) return { url, description, types: types ?? null, scopes: scopes ?? [], phoneNumberId };
  if (!verify_token) throw new Problem('invalid_request', { errors: [{ field: 'verify_token', message: TOKEN_MISSING }] });
  const meta = { verifyToken: new Secret(verify_token), secret: secret ? new Secret(secret) : null };
  return { url, description, types: fields ? typesOfFields(fields) : null, scopes: [], phoneNumberId, meta };
}

const TOKEN_MISSING = { en: 'is missing: format meta needs it', es: 'falta: format meta lo requiere' };

/** The members that are there; null counts as left out. */
const given = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));

export const subscriptionChangeOf = ({
  url,
  types,
  description,
  paused,
  verify_token,
  fields,
}: ChangeSubscriptionDto): SubscriptionChange =>
  defined({
    url: url ?? undefined,
    types,
    description,
    paused: paused ?? undefined,
    fields: fields ?? undefined,
    verifyToken: verify_token ? new Secret(verify_token) : undefined,
  });

export const toSubscriptionDto = (subscription: Subscription): SubscriptionDto => ({
  id: subscription.id,
  url: withoutQueryValues(subscription.url),
  description: subscription.description,
  format: subscription.format,
  types: subscription.types?.filter(isEventType) ?? null,
  fields: subscription.format === 'meta' ? fieldsOf(subscription.types) : null,
  scopes: [...subscription.scopes],
  phone_number_id: subscription.phoneNumberId,
  created_by: subscription.createdBy,
  key_id: subscription.keyId ?? subscription.createdBy,
  created_at: rfc3339(subscription.createdAt),
  state: subscription.state,
  disabled_at: rfc3339(subscription.disabledAt),
  disabled_reason: subscription.disabledReason,
  failures: subscription.failures,
  failing_since: rfc3339(subscription.failingSince),
  held_until: rfc3339(subscription.heldUntil),
  previous_secret_until: rfc3339(subscription.previousUntil),
  gap: subscription.gap && shownLoss(subscription.gap),
});

export const withSecret = (subscription: Subscription): SubscriptionWithSecretDto => ({
  ...toSubscriptionDto(subscription),
  secret: secretOf(subscription),
});
