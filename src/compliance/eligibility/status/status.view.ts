import { apiMembers } from '#api-conventions/api-members.js';
import { usageFields, usageNote } from '#compliance/conversations/usage/limit-usage.js';
import type { Assessment, Gate } from '#compliance/eligibility/eligibility.js';
import type { ForwardingStatus, NumberDiagnosis } from '#compliance/eligibility/eligibility.service.js';
import { type Direction, gateFields } from '#compliance/eligibility/gates/gate.js';
import { limitWord } from '#compliance/eligibility/policy.js';
import { type LatestReading, sameAddress, withoutToken } from '#compliance/eligibility/reading.js';
import type { RefusalGroup } from '#compliance/eligibility/refusals.store.js';
import type { UpstreamLoad } from '#dialog360/limits/request-limits.service.js';
import { toUpstreamView } from '#dialog360/limits/upstream.view.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { fill, textOf } from '#error-catalogue/lookup.js';
import type { SeenSignatures } from '#inbox/signatures.service.js';
import { rfc3339 } from '#kernel/clock.js';
import { text } from '#kernel/read.js';

import type { DirectionDto, ForwardingStatusDto, GateDto, MetricDto, RecentRefusalDto, StatusDto, WebhookStatusDto } from './status.dto.js';

/** `language` is the language of the headline, the causes and the remedies. Webhook addresses are redacted. */
export function toStatusDto(diagnosis: NumberDiagnosis, signatures: SeenSignatures, load: UpstreamLoad, language: Language): StatusDto {
  const { inbound, outbound, evidence, number, refusals, agent, mode, checkedAt } = diagnosis;
  const { settings, progress } = evidence;
  const calling = settings.value?.calling;
  const five = {
    calling_status: text(calling?.status) ?? null,
    callback_permission: text(calling?.callback_permission_status) ?? null,
    meets_1k_requirement: progress.meets,
    business_initiated_conversations: progress.businessInitiated,
    total_conversations: progress.total,
  };
  return {
    ...five,
    inbound: toDirectionDto(inbound, language),
    outbound: toDirectionDto(outbound, language),
    webhook: toWebhookDto(diagnosis, signatures),
    headline: headlineOf(inbound, outbound, language),
    recent_refusals: refusals.map((group) => toRefusalDto(group, language)),
    upstream: toUpstreamView(load),
    business_agent: agent.threads === 0 ? null : { threads_held: agent.threads, last_held_at: rfc3339(agent.lastAt) },
    subscriptions_paused: diagnosis.pausedSubscriptions,
    forwarding: diagnosis.forwarding && toForwardingDto(diagnosis.forwarding),
    figures: toMetrics(diagnosis, five),
    phone_number_id: number.phoneNumberId,
    mode,
    checked_at: rfc3339(checkedAt),
  };
}

const toForwardingDto = (forwarding: ForwardingStatus): ForwardingStatusDto => ({
  target: forwarding.target,
  pending: forwarding.pending,
  oldest_received_at: rfc3339(forwarding.oldestReceivedAt),
  held_until: rfc3339(forwarding.heldUntil),
  set_aside: forwarding.setAside,
});

function toWebhookDto({ evidence, lastDeliveryAt, unreadFields }: NumberDiagnosis, signatures: SeenSignatures): WebhookStatusDto {
  const { registration, webhookUrl, lastCallEventAt } = evidence;
  const url = registration.value?.url ?? null;
  return {
    registered_url: url === null ? null : withoutToken(url),
    matches_public_url: registration.value === null ? null : url !== null && sameAddress(url, webhookUrl),
    last_delivery_at: rfc3339(lastDeliveryAt),
    last_call_event_at: rfc3339(lastCallEventAt),
    unread_fields: unreadFields.map((one) => apiMembers(one)),
    signature: {
      mode: signatures.mode,
      since: rfc3339(signatures.since),
      header_seen: signatures.headerSeen,
      last_signed_at: rfc3339(signatures.lastSignedAt),
      last_refused_at: rfc3339(signatures.lastRefusedAt),
      unsigned: signatures.unsigned,
      invalid: signatures.invalid,
    },
  };
}

function toMetrics({ evidence, health }: NumberDiagnosis, five: Record<string, MetricDto['value']>): Record<string, MetricDto> {
  const { settings, progress, limit, registration } = evidence;
  const originOf = (name: string): Origin => (name === 'calling_status' || name === 'callback_permission' ? settings : progress);
  const url = registration.value?.url ?? null;
  return {
    ...Object.fromEntries(Object.entries(five).map(([name, value]) => [name, toMetricDto(originOf(name), value)])),
    messaging_limit: toMetricDto(limit, limitWord(limit)),
    health: toMetricDto(health, health.value?.canSendMessage ?? null),
    registered_url: toMetricDto(registration, url === null ? null : withoutToken(url)),
  };
}

type Origin = Pick<LatestReading<unknown>, 'source' | 'scope' | 'observedAt' | 'reason'>;

const toMetricDto = ({ source, scope, observedAt, reason }: Origin, value: MetricDto['value']): MetricDto => ({
  value,
  source,
  scope,
  observed_at: rfc3339(observedAt),
  reason,
});

const HEADLINES: Readonly<Record<Direction, Record<Assessment['verdict'], Record<Language, string>>>> = {
  outbound: {
    available: { en: 'Outbound calls are available', es: 'Las llamadas salientes están disponibles' },
    blocked: { en: 'Outbound calls are refused because of this: {reason}', es: 'Las llamadas salientes se rechazan por esto: {reason}' },
    unknown: {
      en: 'Whether outbound calls are available is not proven',
      es: 'No está comprobado que las llamadas salientes estén disponibles',
    },
  },
  inbound: {
    available: { en: 'inbound calls are available', es: 'las entrantes están disponibles' },
    blocked: { en: 'inbound calls are blocked: {reason}', es: 'las entrantes están bloqueadas: {reason}' },
    unknown: { en: 'whether inbound calls arrive is not proven yet', es: 'aún no está comprobado que las entrantes lleguen' },
  },
};

/** The diagnosis in one sentence; the first failing gate of a direction is its reason. */
function headlineOf(inbound: Assessment, outbound: Assessment, language: Language): string {
  const clause = (direction: Direction, { verdict, gates }: Assessment) => {
    const failed = gates.find((gate) => gate.verdict === 'fail')?.code ?? null;
    return fill(HEADLINES[direction][verdict][language], { reason: textOf(failed, 'title', language) ?? '' });
  };
  return `${clause('outbound', outbound)}; ${clause('inbound', inbound)}.`;
}

export const toDirectionDto = ({ verdict, gates }: Assessment, language: Language): DirectionDto => ({
  verdict,
  gates: gates.map((gate) => toGateDto(gate, language)),
});

const toGateDto = (gate: Gate, language: Language): GateDto => ({
  ...gateFields(gate),
  remedy: textOf(gate.code, 'remedy', language),
  retry_at: rfc3339(gate.retryAt),
  usage: gate.usage ? usageFields(gate.usage) : null,
  note: gate.usage ? usageNote(gate.usage, language) : null,
});

const toRefusalDto = (group: RefusalGroup, language: Language): RecentRefusalDto => ({
  ...group,
  first_at: rfc3339(group.first_at),
  last_at: rfc3339(group.last_at),
  cause: textOf(group.code, 'detail', language),
  remedy: textOf(group.code, 'remedy', language),
});
