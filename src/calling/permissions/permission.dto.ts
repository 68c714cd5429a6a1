import { IsOptional, Matches } from 'class-validator';
import { apiMembers } from '#api-conventions/api-members.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { textOf } from '#error-catalogue/lookup.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import type { Person } from '#identity/person.js';
import { rfc3339 } from '#kernel/clock.js';
import type { LedgerFact } from './ledger.js';
import type { PermissionVerdict } from './permission.js';
import type { Ledger } from './permissions.service.js';
import { POLICY } from './policy.js';
import { AddressedUserDto, toUserDto } from './user.view.js';

/** Query of a permission. */
export class PermissionQueryDto {
  /** Which business number; the configured one when left out. */
  @IsOptional()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string;
}

/** Whether something may be done now. */
export class PermissionVerdictDto {
  /** Unknown blocks no call. */
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
  /** `closed`: a request needs a template. `unknown`: deliveries have not been kept for a day yet. */
  state: 'open' | 'closed' | 'unknown';
  /** When it closes unless the user writes or calls again. */
  closes_at: string | null;
}

/** One limit of Meta, and how much of it is used. */
export class PermissionLimitDto {
  /** `ask` sends a permission request, `call` is a call that gets picked up. */
  action: 'ask' | 'call';
  /**
   * ISO 8601, such as `PT24H` or `P7D`.
   * @format duration
   */
  period: string | null;
  /** The limit itself. */
  max_allowed: number | null;
  /** How much of it is used. */
  used: number | null;
  /** When it frees again, once it is reached. */
  frees_at: string | null;
  /** `live`: reported by Meta now; `policy`: Meta's documentation with the gateway's own count. */
  source: 'live' | 'policy';
  /** The limit in Meta's documentation. */
  policy_max: number | null;
  /** Whether Meta's live number differs from its documentation. */
  differs: boolean;
}

/** The last permission request and its status. */
export class LastRequestDto {
  /** `wamid.…` of the request. */
  message_id: string;
  /** When it was sent. */
  at: string;
  /** `failed`: not delivered; `accepted`, `declined`: the user's reply. */
  status: 'sent' | 'failed' | 'accepted' | 'declined';
}

/** One fact of the ledger. What does not belong to its kind is left out. */
export class PermissionFactDto {
  /** `unanswered` and `connected` are calls; `uncounted` takes one of them back after a late correction. */
  kind: 'asked' | 'request_failed' | 'replied' | 'refused' | 'connected' | 'unanswered' | 'uncounted';
  /** When it happened. */
  at: string;
  /** The message or call it is about. */
  ref: string | null;
  /** The user's reply. */
  response?: 'accept' | 'reject';
  /** Whether an accepted permission has no end. */
  permanent?: boolean;
  /** When an accepted permission ends. */
  expires_at?: string | null;
  /** `user_action`, or `automatic` for a reply of Meta itself. */
  response_source?: string | null;
  /** The request that the reply answers (`wamid.…`). */
  context_id?: string | null;
  /** Why 360dialog refused: an error code of the catalogue. */
  code?: string;
  /** When the refusal may no longer hold. */
  until?: string | null;
  /** Of a call. */
  direction?: 'inbound' | 'outbound';
  /** Of a call, such as `answered`. */
  outcome?: string;
}

/** Meta's documentation, against which live limits are compared. */
export class PermissionPolicyDto {
  /** The day on which it was read. */
  date: string;
  /**
   * The address of the page.
   * @format uri
   */
  source: string;
}

/** The ledger's view of one user and number. Unknown is null; times are RFC 3339 in UTC. */
export class PermissionDto {
  /** The user as the path names them. */
  user: AddressedUserDto;
  /** The business number. */
  phone_number_id: string;
  /** `no_permission`: never given, declined, expired or revoked. */
  status: 'no_permission' | 'temporary' | 'permanent' | null;
  /** When a temporary permission ends. */
  expires_at: string | null;
  /** The source: the user's reply, a reading of 360dialog, or its refusal. */
  source: 'reply' | 'reading' | 'refusal' | null;
  /** When the source stated it. */
  observed_at: string | null;
  /** Whether the user may be called now. */
  can_call: PermissionVerdictDto;
  /** Whether the user may be asked for permission now. */
  can_ask: PermissionVerdictDto;
  /** The 24-hour customer-service window. */
  window: PermissionWindowDto;
  /** Who holds the thread with the user: `agent` is the Meta Business Agent, from which a request takes it; null while no message has shown it. */
  thread_holder: 'agent' | 'business' | null;
  /** The limits on requests and calls. */
  limits: PermissionLimitDto[];
  /** Calls in a row that the user did not take, as far as this gateway has seen. */
  consecutive_unanswered: number;
  /** What WhatsApp does at the next one; null without a permission that it could end. */
  next_unanswered_effect: 'none' | 'nudge' | 'revoke' | null;
  /** The last permission request; null when there was none. */
  last_request: LastRequestDto | null;
  /** The latest facts first, at most 50. */
  history: PermissionFactDto[];
  /** Whether 360dialog could be read; with `false` the rest comes from the ledger. */
  readable: boolean;
  /** The error code that says why it could not. */
  unreadable_code: string | null;
  /** Meta's documented rules. */
  policy: PermissionPolicyDto;
}

/** The public permission. */
export function toPermissionDto(input: string, number: OurNumber, person: Person, ledger: Ledger, language: Language): PermissionDto {
  const { permission, lastRequest } = ledger;
  return {
    user: toUserDto(person, input),
    phone_number_id: number.phoneNumberId,
    ...apiMembers(permission),
    status: permission.status === 'unknown' ? null : permission.status,
    can_call: toVerdictDto(ledger.call, language),
    can_ask: toVerdictDto(ledger.ask, language),
    window: { state: ledger.window, closes_at: rfc3339(ledger.windowClosesAt) },
    thread_holder: ledger.threadHolder,
    limits: ledger.limits.map((limit) => apiMembers(limit)),
    consecutive_unanswered: ledger.unansweredInARow,
    next_unanswered_effect: ledger.nextEffect,
    last_request: lastRequest && apiMembers(lastRequest),
    history: ledger.history.map(toFactDto),
    readable: ledger.unreadable === null,
    unreadable_code: ledger.unreadable?.code ?? null,
    policy: { date: POLICY.date, source: POLICY.source },
  };
}

function toVerdictDto(verdict: PermissionVerdict, language: Language): PermissionVerdictDto {
  const { code, until } = verdict.verdict === 'fail' ? verdict : { code: null, until: null };
  return { verdict: verdict.verdict, code, remedy: textOf(code, 'remedy', language), earliest_at: rfc3339(until) };
}

function toFactDto(fact: LedgerFact): PermissionFactDto {
  if (!('revision' in fact)) return apiMembers(fact);
  const { revision, ...call } = fact;
  return apiMembers(call);
}
