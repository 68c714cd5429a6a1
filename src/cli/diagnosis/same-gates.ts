import { concludeProgress } from '#compliance/conversations/progress.js';
import { type Evidence, type Gate, standing } from '#compliance/eligibility/eligibility.js';
import { UNKNOWN } from '#compliance/eligibility/gates/gate.js';
import { NO_PAYMENT_EVIDENCE, paymentInOrder } from '#compliance/eligibility/gates/payment.js';
import { type Figure, figureOf, type Reading } from '#compliance/eligibility/reading.js';
import type { Settings } from '#config/settings.js';
import { WEBHOOK_PATH } from '#config/webhook-path.js';
import type { Health, SettingsReading, WebhookRegistration } from '#dialog360/number-reading.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { rfc3339 } from '#kernel/clock.js';
import type { Read } from './dialog360-itself.js';
import { mergeDirections } from './directions.js';
import { type Finding, finding } from './finding.js';

export interface Readings {
  calling: Read<SettingsReading>;
  health: Read<Health>;
  webhook: Read<WebhookRegistration>;
}

/** The gates that the gateway itself judges by, fed with what 360dialog tells without one. */
export function gatesOfNumber(readings: Readings, settings: Settings, now: number, language: Language): Finding[] {
  const evidence = evidenceOf(readings, settings, now);
  const gatesOf = (direction: 'outbound' | 'inbound') => standing(direction, evidence, now).gates.map((gate) => toFinding(gate, language));
  return mergeDirections(gatesOf('outbound'), gatesOf('inbound'));
}

function evidenceOf({ calling, health, webhook }: Readings, settings: Settings, now: number): Evidence {
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
    restrictions: figureOf<never>(null),
    limit: figureOf<never>(null),
    progress: concludeProgress([], goal),
    goal,
    lastCallEventAt: null,
    payment: paymentInOrder({ ...NO_PAYMENT_EVIDENCE, health: figure(health, 'health_status', now, (value) => value) }, now),
    pickUps: { inbound: UNKNOWN, outbound: UNKNOWN },
    listeners: null,
    webhookUrl: `${settings.publicUrl}${WEBHOOK_PATH}`,
  };
}

function figure<T, U>(read: Read<T>, source: string, observedAt: number, take: (value: T) => U): Figure<U> {
  if (read.value === null) return figureOf<U>(null, read.code);
  const reading: Reading<U> = { name: source, value: take(read.value), source, scope: 'number', observedAt };
  return figureOf(reading);
}

const toFinding = ({ name, verdict, value, required, code, retryAt }: Gate, language: Language): Finding =>
  finding(name, verdict, language, { value, required, code, retry_at: rfc3339(retryAt) });
