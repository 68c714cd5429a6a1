import { rfc3339 } from '#kernel/clock.js';
import type { Snapshot, SnapshotMetrics } from './snapshot.js';

export class SnapshotLimitView {
  /** Meta's word, such as `TIER_2K`. */
  tier: string | null;
  limit: number | null;
  meets: boolean | null;
  source: string | null;
}

export class SnapshotVerdictView {
  verdict: 'available' | 'blocked' | 'unknown';
  /** The gates that failed. */
  failed: string[];
}

export class SnapshotCoverageView {
  from: string | null;
  /** The day after the last. */
  to: string | null;
  complete: boolean;
}

export class SourceResultView {
  /** Such as `partner_api.balance`. */
  source: string;
  outcome: 'read' | 'failed' | 'not_configured';
  /** The error code when it failed. */
  code: string | null;
}

export class SnapshotMetricsView {
  business_initiated_conversations: number | null;
  total_conversations: number | null;
  meets_1k_requirement: boolean | null;
  /** The primary source. */
  source: string | null;
  coverage: SnapshotCoverageView;
  /** Why a count or its verdict is unknown. */
  reason: string | null;
  messaging_limit: SnapshotLimitView;
  /** Users who got a template outside of the 24 h window within 30 days. */
  template_users_30d: number | null;
  inbound: SnapshotVerdictView;
  outbound: SnapshotVerdictView;
  last_delivery_at: string | null;
  /** No delivery for a day; `null` when there never was one. */
  webhook_silent: boolean | null;
  /** The result of reading each source. */
  sources: SourceResultView[];
}

export class SnapshotView {
  id: string;
  phone_number_id: string;
  state: 'running' | 'done' | 'failed';
  /** What began it. */
  cause: 'start' | 'schedule' | 'request';
  started_at: string;
  finished_at: string | null;
  /** `null` until it is done, and when it failed. */
  figures: SnapshotMetricsView | null;
}

/** A page of polls, newest first. */
export class SnapshotPageView {
  data: SnapshotView[];
  /** Give it as `cursor` for the next page; null on the last one. */
  next_cursor: string | null;
}

export const toSnapshotMetricsView = (metrics: SnapshotMetrics): SnapshotMetricsView => ({
  business_initiated_conversations: metrics.businessInitiated,
  total_conversations: metrics.total,
  meets_1k_requirement: metrics.meets,
  source: metrics.source,
  coverage: metrics.coverage,
  reason: metrics.reason,
  messaging_limit: { tier: metrics.tier, limit: metrics.limit, meets: metrics.meetsLimit, source: metrics.limitSource },
  template_users_30d: metrics.templateUsers,
  inbound: metrics.inbound,
  outbound: metrics.outbound,
  last_delivery_at: rfc3339(metrics.lastDeliveryAt),
  webhook_silent: metrics.webhookSilent,
  sources: metrics.sources,
});

export const toSnapshotView = ({ id, phoneNumberId, state, cause, startedAt, finishedAt, metrics }: Snapshot): SnapshotView => ({
  id,
  phone_number_id: phoneNumberId,
  state,
  cause,
  started_at: rfc3339(startedAt),
  finished_at: rfc3339(finishedAt),
  figures: metrics && toSnapshotMetricsView(metrics),
});
