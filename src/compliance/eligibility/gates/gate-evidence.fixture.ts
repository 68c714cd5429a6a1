import { deriveProgress } from '#compliance/conversations/progress.js';
import { DAY, MINUTE } from '#kernel/clock.js';
import { assess, type GateEvidence, type GateName } from '../eligibility.js';
import {
  type CallingSettings,
  type LatestReading,
  type RegisteredWebhook,
  type ReportedLimit,
  type ReportedRestriction,
  toLatestReading,
} from '../reading.js';
import { UNKNOWN } from './gate.js';

const EVIDENCE_NOW = Date.UTC(2026, 10, 22, 12);
const EVIDENCE_HERE = 'https://gateway.example.com/api/webhooks/360dialog';

const latest = <T>(value: T, observedAt = EVIDENCE_NOW - MINUTE, source = 'webhook', reason: string | null = null): LatestReading<T> => ({
  value,
  source,
  scope: 'number',
  observedAt,
  reason,
});
const settings = (
  calling: object,
  { complete = true, observedAt = EVIDENCE_NOW - 1, readAt = null as number | null, reason = null as string | null } = {},
) => latest<CallingSettings>({ calling: { ...calling }, complete, readAt }, observedAt, 'settings', reason);
const registered = (url: string | null) => latest<RegisteredWebhook>({ url }, EVIDENCE_NOW - 1, 'webhook_config');
const limit = (word: string) => latest<ReportedLimit>({ limit: word, event: null });
const restricted = (type: string, expiresAt: number | null, at = EVIDENCE_NOW - DAY) =>
  latest<ReportedRestriction[]>([{ type, expiresAt, at }], at);

const healthy: GateEvidence = {
  displayPhoneNumber: '5215500000001',
  settings: settings({ status: 'ENABLED' }),
  registration: registered(EVIDENCE_HERE),
  key: { acceptedAt: EVIDENCE_NOW - 1, rejected: false },
  restrictions: toLatestReading<ReportedRestriction[]>(null),
  limit: limit('TIER_2K'),
  progress: deriveProgress([], { conversations: 1_000, windowDays: 30 }),
  goal: { conversations: 1_000, windowDays: 30 },
  lastCallEventAt: EVIDENCE_NOW - DAY,
  callPrimary: { verdict: 'pass' },
  payment: { verdict: 'pass' },
  account: { verdict: 'pass' },
  coexistence: { verdict: 'pass' },
  pickUps: { inbound: { verdict: 'pass' }, outbound: { verdict: 'pass' } },
  listeners: 1,
  webhookUrl: EVIDENCE_HERE,
};
const ignorant: GateEvidence = {
  ...healthy,
  displayPhoneNumber: null,
  settings: { ...toLatestReading<CallingSettings>(null), reason: 'upstream_error' },
  registration: toLatestReading<RegisteredWebhook>(null),
  key: { acceptedAt: null, rejected: false },
  limit: toLatestReading<ReportedLimit>(null),
  callPrimary: UNKNOWN,
  payment: UNKNOWN,
  account: UNKNOWN,
  coexistence: UNKNOWN,
  pickUps: { inbound: UNKNOWN, outbound: UNKNOWN },
  lastCallEventAt: null,
  listeners: null,
};

const gate = (direction: 'inbound' | 'outbound', name: GateName, evidence: Partial<GateEvidence>) =>
  assess(direction, { ...healthy, ...evidence }, EVIDENCE_NOW).gates.find((one) => one.name === name);
const verdict = (...asked: Parameters<typeof gate>) => gate(...asked)?.verdict;

/** The evidence of a number, healthy and unknown, with what changes it. */
export const gateEvidence = {
  NOW: EVIDENCE_NOW,
  HERE: EVIDENCE_HERE,
  latest,
  settings,
  registered,
  limit,
  restricted,
  healthy,
  ignorant,
  gate,
  verdict,
};
