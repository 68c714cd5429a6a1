import { type JsonRecord, record } from '#kernel/read.js';

/** What a reading covers: this number, the client at 360dialog with all its numbers, or Meta's whole business portfolio. */
export type ReadingScope = 'number' | 'client' | 'portfolio';

/** One measured value, as its source gave it. Only the newest of a name and source is kept. */
export interface Reading<T = unknown> {
  name: string;
  value: T;
  /** `settings`, `health_status`, `webhook_config`, `webhook`, `partner_api`, `meta` or `owner`. */
  source: string;
  scope: ReadingScope;
  observedAt: number;
}

/** The newest reading of something, or the knowledge that there is none. */
export interface LatestReading<T> {
  /** `null` while unknown. */
  value: T | null;
  source: string | null;
  scope: ReadingScope | null;
  observedAt: number | null;
  /** Why there is no value, or none newer: an error code, or `no_source`. `null` when the value is as fresh as asked. */
  reason: string | null;
}

/** Meta's `calling` object of the number. */
export interface CallingSettings {
  calling: JsonRecord;
  /** False while only webhooks reported it: members that they left out are unknown. */
  complete: boolean;
}

/** The webhook in force at 360dialog. */
export interface RegisteredWebhook {
  url: string | null;
}

/** A restriction as an account webhook reported it. */
export interface ReportedRestriction {
  type: string;
  expiresAt: number | null;
  at: number;
}

/** A messaging limit as its source reported it: a tier word, or a bare number as text. */
export interface ReportedLimit {
  limit: string;
  event: string | null;
}

/** What readings are called. */
export const READING = {
  settings: 'calling_settings',
  health: 'health',
  registration: 'webhook_registration',
  restrictions: 'restrictions',
  violation: 'violation',
  limit: 'messaging_limit',
  conversations: 'conversations',
  verification: 'business_verification',
  lastCallEvent: 'last_call_event',
  paymentError: 'payment_error',
  balance: 'balance',
  callPrimary: 'call_primary',
} as const;

/** Without a reading, `reason` says why. */
export const toLatestReading = <T>(reading: Reading<T> | null, reason: string | null = reading ? null : 'no_source'): LatestReading<T> => ({
  value: reading?.value ?? null,
  source: reading?.source ?? null,
  scope: reading?.scope ?? null,
  observedAt: reading?.observedAt ?? null,
  reason,
});

/** Members that Meta always gives and takes as a whole. */
const WHOLE: ReadonlySet<string> = new Set(['call_hours', 'restrictions', 'call_icons']);

/** Merges a part of the settings that a webhook reported; members that it left out stay. */
export function mergeSettings(kept: CallingSettings | null, told: JsonRecord): CallingSettings {
  const calling: JsonRecord = { ...kept?.calling };
  for (const [name, value] of Object.entries(told)) {
    const [before, after] = [record(calling[name]), record(value)];
    calling[name] = before && after && !WHOLE.has(name) ? { ...before, ...after } : value;
  }
  return { calling: withoutSecrets(calling), complete: kept?.complete ?? false };
}

/** The same object without SIP passwords, which are neither kept nor shown. */
export const withoutSecrets = (calling: JsonRecord): JsonRecord =>
  JSON.parse(JSON.stringify(calling, (name, value: unknown) => (/password/i.test(name) ? undefined : value)));

/** A webhook address that may be shown: what stands in its query and before its host can be a secret. */
export function withoutToken(url: string): string {
  if (!URL.canParse(url)) return url.replace(/\?.*$/s, '?[redacted]');
  const shown = url.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, '$1[redacted]@').replace(/#.*$/s, '');
  return shown.replace(/([?&][^=&]*=)[^&]*/g, '$1[redacted]');
}

/** Whether two addresses are the same but for the query and a slash at the end. */
export function sameAddress(one: string, other: string): boolean {
  if (!URL.canParse(one) || !URL.canParse(other)) return one === other;
  const addressOf = (url: URL) => `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
  return addressOf(new URL(one)) === addressOf(new URL(other));
}
