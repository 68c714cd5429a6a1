import { deriveProgress } from '#compliance/conversations/progress.js';
import { assess, type Gate, type GateEvidence } from '#compliance/eligibility/eligibility.js';
import { UNKNOWN } from '#compliance/eligibility/gates/gate.js';
import { NO_PAYMENT_EVIDENCE, paymentInOrder } from '#compliance/eligibility/gates/payment.js';
import { type LatestReading, type Reading, toLatestReading } from '#compliance/eligibility/reading.js';
import type { Settings } from '#config/settings.js';
import { WEBHOOK_PATH } from '#config/webhook-path.js';
import type { Health, SettingsReading, WebhookRegistration } from '#dialog360/number-reading.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { rfc3339 } from '#kernel/clock.js';
import type { Read } from './dialog360-itself.js';
import { mergeDirections } from './directions.js';
import { type CliFinding, finding } from './finding.js';

interface Readings {
  calling: Read<SettingsReading>;
  health: Read<Health>;
  webhook: Read<WebhookRegistration>;
}

/** The gates of the gateway itself, derived from what 360dialog answers without a gateway. */
export function gatesOfNumber(readings: Readings, settings: Settings, now: number, language: Language): CliFinding[] {
  const evidence = evidenceOf(readings, settings, now);
  const gatesOf = (direction: 'outbound' | 'inbound') => assess(direction, evidence, now).gates.map((gate) => toFinding(gate, language));
  return mergeDirections(gatesOf('outbound'), gatesOf('inbound'));
}

function evidenceOf({ calling, health, webhook }: Readings, settings: Settings, now: number): GateEvidence {
  const all = [calling, health, webhook];
  const { requiredConversations: conversations, windowDays } = settings.compliance;
  const goal = { conversations, windowDays };
  return {
    displayPhoneNumber: null,
    settings: figure(calling, 'settings', now, ({ calling: found }) => ({ calling: found, complete: true })),
    registration: figure(webhook, 'webhook_config', now, ({ url }) => ({ url })),
    key: {
      acceptedAt: all.some(({ value }) => value !== null) ? now : null,
      rejected: all.every(({ value }) => value === null) && all.some(({ code }) => code === 'upstream_key_rejected'),
    },
    restrictions: toLatestReading<never>(null),
    limit: toLatestReading<never>(null),
    progress: deriveProgress([], goal),
    goal,
    lastCallEventAt: null,
    callPrimary: UNKNOWN,
    payment: paymentInOrder({ ...NO_PAYMENT_EVIDENCE, health: figure(health, 'health_status', now, (value) => value) }, now),
    pickUps: { inbound: UNKNOWN, outbound: UNKNOWN },
    listeners: null,
    webhookUrl: `${settings.publicUrl}${WEBHOOK_PATH}`,
  };
}

function figure<T, U>(read: Read<T>, source: string, observedAt: number, take: (value: T) => U): LatestReading<U> {
  if (read.value === null) return toLatestReading<U>(null, read.code);
  const reading: Reading<U> = { name: source, value: take(read.value), source, scope: 'number', observedAt };
  return toLatestReading(reading);
}

const toFinding = ({ name, verdict, value, required, code, retryAt }: Gate, language: Language): CliFinding =>
  finding(name, verdict, language, { value, required, code, retry_at: rfc3339(retryAt) });
