import type { Every } from '#compliance/reports/periods/span.js';
import { common, type NumberReach } from '#identity/numbers/number-reach.js';
import { DAY } from '#kernel/clock.js';
import type { Secret } from '#kernel/secret.js';

/** More are a mistake, or an attack on others through the gateway. */
export const MOST_OF_KEY = 50;
export const MOST_OF_ALL = 1_000;
/** How long an address that has not answered is left alone, and how long an unconfirmed or stopped delivery stays. */
export const LEFT_ALONE_MS = 30 * DAY;

/** Why a delivery has stopped for good. `gone`: its endpoint answered 410. */
export type ReportStopReason = 'unsubscribed' | 'key_deleted' | 'key_suspended' | 'scope_missing' | 'number_not_reached' | 'gone';

/** Whom reports are sent to, and how often. Times are in ms since 1970. */
export interface ReportDelivery {
  id: string;
  channel: 'mail' | 'webhook';
  /** A mail address such as `ana@example.com`, or a URL. */
  address: string;
  /** Under which the address is known; null for a URL. */
  addressDigest: string | null;
  every: Every;
  language: 'en' | 'es';
  /** An IANA time zone: its days, weeks and months are sent. */
  timeZone: string;
  /** Null for every number that its key reaches. */
  phoneNumberId: string | null;
  /** What the keys that it belonged to and its present one all reach; null for every number. */
  numbers: readonly string[] | null;
  createdBy: string;
  keyId: string;
  createdAt: number;
  confirmedAt: number | null;
  stoppedAt: number | null;
  stoppedReason: ReportStopReason | null;
  /** The end of the period that is sent next. */
  nextAt: number;
  /** Null when it cannot be read. */
  secret: Secret | null;
}

/** The numbers whose reports a delivery may send. */
export const reachOfDelivery = ({ phoneNumberId, numbers }: Pick<ReportDelivery, 'phoneNumberId' | 'numbers'>): NumberReach =>
  phoneNumberId === null ? { numbers } : common({ numbers: [phoneNumberId] }, { numbers });
