import type { Coverage } from '#compliance/conversations/count.js';
import { DAY } from '#kernel/clock.js';
import type { Schema } from '#store/schema.js';

/** The result of reading one source. */
export interface SourceResult {
  /** `partner_api.balance`, `partner_api.channel` or `meta.limit`. */
  source: string;
  outcome: 'read' | 'kept' | 'failed' | 'not_known' | 'not_configured';
  /** The error code when it failed. */
  code: string | null;
  /** When what it says was read, in ms since 1970; missing in snapshots of earlier releases. */
  observedAt?: number | null;
}

/** The metrics of one poll; `null` is unknown. */
export interface SnapshotMetrics {
  businessInitiated: number | null;
  total: number | null;
  meets: boolean | null;
  /** The primary source. */
  source: string | null;
  coverage: Coverage;
  reason: string | null;
  tier: string | null;
  limit: number | null;
  meetsLimit: boolean | null;
  limitSource: string | null;
  templateUsers: number | null;
  inbound: DirectionVerdict;
  outbound: DirectionVerdict;
  /** When the last delivery of any kind had arrived. */
  lastDeliveryAt: number | null;
  webhookSilent: boolean | null;
  sources: SourceResult[];
}

/** The verdict on one direction, and the gates that failed. */
export interface DirectionVerdict {
  verdict: 'available' | 'blocked' | 'unknown';
  failed: string[];
}

/** One poll. */
export type Snapshot = Omit<Schema['snapshots'], 'data'> & { metrics: SnapshotMetrics | null };

export type Cause = Snapshot['cause'];

/** Where a page of polls begins: before the poll that began then. */
export type SnapshotPosition = readonly [startedAt: number, id: string];

/** Whether deliveries have stopped: none for a day, after there had been some; null when there never was one. */
export const isSilent = (lastDeliveryAt: number | null, now: number): boolean | null =>
  lastDeliveryAt === null ? null : now - lastDeliveryAt > DAY;

/** Which directions changed between proven and not, or blocked and not, from one poll to the next. */
export const changedDirections = (before: SnapshotMetrics | null, after: SnapshotMetrics): ('inbound' | 'outbound')[] =>
  before === null ? [] : (['inbound', 'outbound'] as const).filter((direction) => before[direction].verdict !== after[direction].verdict);
