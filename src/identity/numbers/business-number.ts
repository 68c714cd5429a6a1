import { parseJson, record, text } from '#kernel/read.js';
import { type Secret, sha256 } from '#kernel/secret.js';
import { pick } from '#store/prepared.js';
import type { KeptNumber } from './numbers.store.js';
import type { OurNumber } from './our-number.js';

/** Where the deliveries of a number are forwarded. The values of the headers may be secrets. */
export interface ForwardTarget {
  url: string;
  headers: Record<string, string>;
}

/** The settings that a number may have of its own; each null is the gateway's. */
export interface OwnSettings {
  time_zone: string | null;
  poll_cron: string | null;
  report_cron: string | null;
  retention_days: number | null;
  permission_policy: 'production' | 'sandbox' | null;
  required_conversations: number | null;
  recording: boolean | null;
  media: boolean | null;
}

/** A removal under way: since when, in ms since 1970, and whether the calls of the number go with it. */
export interface Removal {
  since: number;
  erases: boolean;
}

/** A business number of this gateway, with what belongs to it alone. Times are in ms since 1970. */
export interface BusinessNumber extends OurNumber {
  name: string | null;
  reference: string | null;
  portfolioId: string | null;
  /** 360dialog's ids of its client and channel; null while no partner's channel is known to be its own. */
  clientId: string | null;
  channelId: string | null;
  mode: 'live' | 'simulator';
  /** `environment`: its key and tokens are those of the settings. */
  source: 'environment' | 'api' | 'partner';
  state: 'active' | 'paused' | 'removing';
  /** Null when it cannot be had: nothing is sent for the number then. */
  apiKey: Secret | null;
  /** The digest (`keyDigestOf`) of the key for which 360dialog has named the number; null while it has named it for no key. */
  keyDigest: string | null;
  keyAcceptedAt: number | null;
  /** When 360dialog refused the key; null since it was accepted again. */
  keyRejectedAt: number | null;
  forward: ForwardTarget | null;
  settings: OwnSettings;
  createdAt: number;
  /** Null unless it is being removed. */
  removal: Removal | null;
  /** SHA-256 in hex of the tokens that its deliveries may carry, the newest first: one, or two while rotating. */
  webhookTokenDigests: readonly string[];
}

/** What stands in no row: it comes from the settings, or is sealed in the row. */
export interface NumberSecrets {
  mode: BusinessNumber['mode'];
  apiKey: Secret | null;
  /** Null for those of the row. */
  webhookTokenDigests: readonly string[] | null;
  forward: ForwardTarget | null;
}

/** A key is long and random, so its digest gives nothing of it away. */
export const keyDigestOf = (phoneNumberId: string, apiKey: Secret): string => sha256(`${phoneNumberId}\0${apiKey.reveal()}`);

/** What a business number has as its row has it. */
const AS_KEPT = [
  'phoneNumberId',
  'displayPhoneNumber',
  'wabaId',
  'learnedAt',
  'name',
  'reference',
  'portfolioId',
  'clientId',
  'channelId',
  'source',
  'state',
  'keyDigest',
  'keyAcceptedAt',
  'keyRejectedAt',
] as const;

/** A row with what stands in no row. */
export function toBusinessNumber(row: KeptNumber, { mode, apiKey, forward, webhookTokenDigests }: NumberSecrets): BusinessNumber {
  const kept = [row.webhookTokenDigest, row.previousWebhookTokenDigest].filter((digest) => digest !== null);
  return {
    ...pick(row, AS_KEPT),
    mode,
    apiKey,
    forward,
    settings: readOwnSettings(row.settings),
    createdAt: row.createdAt ?? row.learnedAt,
    removal: readRemoval(row.removal),
    webhookTokenDigests: webhookTokenDigests ?? kept,
  };
}

/** Reads the JSON of a removal; null for none. */
export function readRemoval(source: string | null): Removal | null {
  const kept = record(parseJson(source ?? ''));
  return kept ? { since: Number(kept.since), erases: kept.erases === true } : null;
}

/** Reads the JSON of a target; null when it names no address. */
export function readForwardTarget(source: string | null): ForwardTarget | null {
  const target = record(parseJson(source ?? ''));
  const url = text(target?.url);
  if (url === undefined) return null;
  const headers = Object.entries(record(target?.headers) ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  return { url, headers: Object.fromEntries(headers) };
}

/** What a row has; members of a later release are left out. */
export function readOwnSettings(source: string | null): OwnSettings {
  const kept = record(parseJson(source ?? '')) ?? {};
  const textOf = (name: keyof OwnSettings) => text(kept[name]) ?? null;
  const numberOf = (name: keyof OwnSettings) => (typeof kept[name] === 'number' ? kept[name] : null);
  const flagOf = (name: keyof OwnSettings) => (typeof kept[name] === 'boolean' ? kept[name] : null);
  const policy = textOf('permission_policy');
  return {
    time_zone: textOf('time_zone'),
    poll_cron: textOf('poll_cron'),
    report_cron: textOf('report_cron'),
    retention_days: numberOf('retention_days'),
    permission_policy: policy === 'production' || policy === 'sandbox' ? policy : null,
    required_conversations: numberOf('required_conversations'),
    recording: flagOf('recording'),
    media: flagOf('media'),
  };
}
