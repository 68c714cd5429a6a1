import { IsOptional, Matches } from 'class-validator';
import type { Language } from '#error-catalogue/catalogue.js';
import { entryOf, fill } from '#error-catalogue/lookup.js';
import type { OurNumber } from '#identity/our-number.js';
import type { Person } from '#identity/person.js';
import { rfc3339 } from '#kernel/clock.js';
import type { LedgerFact } from './ledger.js';
import type { Limit } from './limits.js';
import type { PermissionVerdict } from './permission.js';
import type { Ledger } from './permissions.service.js';
import { POLICY } from './policy.js';

export class PermissionQueryDto {
  /** Which business number; the configured one when left out. */
  @IsOptional()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string;
}

/** The WhatsApp user, under every name Meta has told. */
export class PermissionUserDto {
  /** The phone number as bare digits; null for a user whose number is not shown. */
  wa_id: string | null;
  /** The user as it stands in the path. */
  input: string;
  /** Business-scoped user id (BSUID). */
  user_id: string | null;
  parent_user_id: string | null;
  username: string | null;
  name: string | null;
}

/** Whether something may be done now. */
export class PermissionVerdictDto {
  verdict: 'pass' | 'fail' | 'unknown';
  /** The error code of the catalogue that says why not. */
  code: string | null;
  /** What to do next. */
  remedy: string | null;
  /** When it may be possible again; null when it is possible, or no clock alone will change it. */
  earliest_at: string | null;
}

/** The customer-service window: while it is open, a permission request needs no template. */
export class PermissionWindowDto {
  state: 'open' | 'closed' | 'unknown';
  /** When it closes unless the user is heard again. */
  closes_at: string | null;
}

/** One limit of Meta, and how much of it is used. */
export class PermissionLimitDto {
  /** `ask` sends a permission request, `call` is a call that gets picked up. */
  action: 'ask' | 'call';
  /** ISO 8601, such as `PT24H` or `P7D`. */
  period: string | null;
  max_allowed: number | null;
  used: number | null;
  /** When it frees again, once it is reached. */
  frees_at: string | null;
  /** `live` as Meta tells it now; `policy` as its documentation has it, with the gateway's own count. */
  source: 'live' | 'policy';
  /** What Meta's documentation says. */
  policy_max: number | null;
  /** Whether Meta's live number is another one. */
  differs: boolean;
}

/** The last permission request, and what came of it. */
export class LastRequestDto {
  message_id: string;
  at: string;
  status: 'sent' | 'failed' | 'accepted' | 'declined';
}

/** One fact of the ledger. What does not belong to its kind is left out. */
export class PermissionFactDto {
  /** `unanswered` and `connected` are calls; `uncounted` takes one of them back after a late correction. */
  kind: 'asked' | 'request_failed' | 'replied' | 'refused' | 'connected' | 'unanswered' | 'uncounted';
  at: string;
  /** The message or call it is about. */
  ref: string | null;
  response?: 'accept' | 'reject';
  permanent?: boolean;
  expires_at?: string | null;
  /** `user_action`, or `automatic` for Meta's own doing. */
  response_source?: string | null;
  context_id?: string | null;
  /** Why 360dialog refused: an error code of the catalogue. */
  code?: string;
  until?: string | null;
  direction?: 'inbound' | 'outbound';
  outcome?: string;
}

/** Meta's documentation, against which live limits are compared. */
export class PermissionPolicyDto {
  /** The day on which it was read. */
  date: string;
  source: string;
}

/** The ledger's view of one user and number. Unknown is null; times are RFC 3339 in UTC. */
export class PermissionDto {
  user: PermissionUserDto;
  phone_number_id: string;
  /** `no_permission`: never given, declined, expired or revoked. */
  status: 'no_permission' | 'temporary' | 'permanent' | null;
  /** When a temporary permission ends. */
  expires_at: string | null;
  /** Who said so: the user's reply, 360dialog when asked, or its refusal. */
  source: 'reply' | 'reading' | 'refusal' | null;
  observed_at: string | null;
  can_call: PermissionVerdictDto;
  can_ask: PermissionVerdictDto;
  window: PermissionWindowDto;
  limits: PermissionLimitDto[];
  /** Calls in a row that the user did not take, as far as this gateway has seen. */
  consecutive_unanswered: number;
  /** What WhatsApp does at the next one; null while there is no permission that it could touch. */
  next_unanswered_effect: 'none' | 'nudge' | 'revoke' | null;
  last_request: LastRequestDto | null;
  /** The latest facts first, at most 50. */
  history: PermissionFactDto[];
  /** Whether 360dialog could be asked; with `false` the rest is what the ledger remembers. */
  readable: boolean;
  /** The error code that says why it could not. */
  unreadable_code: string | null;
  policy: PermissionPolicyDto;
}

export function toPermissionDto(input: string, number: OurNumber, person: Person, ledger: Ledger, language: Language): PermissionDto {
  const { permission, lastRequest } = ledger;
  const { waId, userId, parentUserId, username, name } = person;
  return {
    user: { wa_id: waId, input, user_id: userId, parent_user_id: parentUserId, username, name },
    phone_number_id: number.phoneNumberId,
    status: permission.status === 'unknown' ? null : permission.status,
    expires_at: rfc3339(permission.expiresAt),
    source: permission.source,
    observed_at: rfc3339(permission.observedAt),
    can_call: toVerdictDto(ledger.call, language),
    can_ask: toVerdictDto(ledger.ask, language),
    window: { state: ledger.window, closes_at: rfc3339(ledger.windowClosesAt) },
    limits: ledger.limits.map(toLimitDto),
    consecutive_unanswered: ledger.unansweredInARow,
    next_unanswered_effect: ledger.nextEffect,
    last_request: lastRequest && { message_id: lastRequest.messageId, at: rfc3339(lastRequest.at), status: lastRequest.status },
    history: ledger.history.map(toFactDto),
    readable: ledger.unreadable === null,
    unreadable_code: ledger.unreadable?.code ?? null,
    policy: { date: POLICY.date, source: POLICY.source },
  };
}

function toVerdictDto(verdict: PermissionVerdict, language: Language): PermissionVerdictDto {
  if (verdict.verdict !== 'fail') return { verdict: verdict.verdict, code: null, remedy: null, earliest_at: null };
  const entry = entryOf(verdict.code);
  const remedy = entry ? fill(entry[language].remedy) : null;
  return { verdict: 'fail', code: verdict.code, remedy, earliest_at: rfc3339(verdict.until) };
}

const toLimitDto = ({ maxAllowed, freesAt, policyMax, ...limit }: Limit): PermissionLimitDto => ({
  action: limit.action,
  period: limit.period,
  max_allowed: maxAllowed,
  used: limit.used,
  frees_at: rfc3339(freesAt),
  source: limit.source,
  policy_max: policyMax,
  differs: limit.differs,
});

function toFactDto(fact: LedgerFact): PermissionFactDto {
  const told = { kind: fact.kind, at: rfc3339(fact.at), ref: fact.ref };
  switch (fact.kind) {
    case 'asked':
    case 'request_failed':
      return told;
    case 'replied': {
      const { response, permanent, responseSource, contextId } = fact;
      const expiresAt = rfc3339(fact.expiresAt);
      return { ...told, response, permanent, expires_at: expiresAt, response_source: responseSource, context_id: contextId };
    }
    case 'refused':
      return { ...told, code: fact.code, until: rfc3339(fact.until) };
    default:
      return { ...told, direction: fact.direction, outcome: fact.outcome };
  }
}
