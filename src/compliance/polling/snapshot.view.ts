import { rfc3339 } from '#kernel/clock.js';
import type { Snapshot, SnapshotMetrics } from './snapshot.js';

/** The messaging limit that decided when the poll ended. */
export class SnapshotLimitView {
  /** Meta's word, such as `TIER_2K`. */
  tier: string | null;
  /** Unique users per 24 h; `null` when unlimited or unknown. */
  limit: number | null;
  /** Whether the limit suffices for calling; `null` is unknown. */
  meets: boolean | null;
  /** Where the value comes from, such as `partner_api` or `webhooks`; `null` is unknown. */
  source: string | null;
}

/** The assessment of calls in one direction when the poll ended. */
export class SnapshotVerdictView {
  /** `available` is proven, `blocked` has a failing gate; else `unknown`. */
  verdict: 'available' | 'blocked' | 'unknown';
  /** The gates that failed. */
  failed: string[];
}

/** The calendar days (`YYYY-MM-DD`) that the primary source covers. */
export class SnapshotCoverageView {
  /**
   * The first covered day; `null` without any.
   * @format date
   */
  from: string | null;
  /**
   * The day after the last.
   * @format date
   */
  to: string | null;
  /** Whether that is the whole window. */
  complete: boolean;
}

/** The result of reading one source in a poll. A source that fails does not fail the poll. */
export class SourceResultView {
  /** Such as `partner_api.balance`. */
  source: string;
  /**
   * `read`; `kept` when another number's poll has read it for all that share it, or its turn has not come; `failed`; `not_known` while no client or channel of the
   * partner is known to be the number's; `not_configured` without credentials.
   */
  outcome: 'read' | 'kept' | 'failed' | 'not_known' | 'not_configured';
  /** The error code when it failed. */
  code: string | null;
  /** When what it says was read (RFC 3339); `null` when it was not, and in snapshots of earlier releases. */
  observed_at: string | null;
}

/** The metrics that the gateway derived at the end of a poll. */
export class SnapshotMetricsView {
  /** Business-initiated conversations within the window; `null` is unknown. */
  business_initiated_conversations: number | null;
  /** All conversations within the window; `null` is unknown. */
  total_conversations: number | null;
  /** Whether the required number is reached; `null` is unknown. */
  meets_1k_requirement: boolean | null;
  /** The primary source. */
  source: string | null;
  /** The days that the source covers. */
  coverage: SnapshotCoverageView;
  /** Why a count or its verdict is unknown. */
  reason: string | null;
  /** The messaging limit of the portfolio; `null` is unknown. */
  messaging_limit: SnapshotLimitView;
  /** Users who got a template outside of the 24 h window within 30 days. */
  template_users_30d: number | null;
  /** Inbound calls. */
  inbound: SnapshotVerdictView;
  /** Outbound calls. */
  outbound: SnapshotVerdictView;
  /** When the last delivery of any kind arrived (RFC 3339); `null` before the first. */
  last_delivery_at: string | null;
  /** No delivery for a day; `null` when there never was one. */
  webhook_silent: boolean | null;
  /** The result of reading each source. */
  sources: SourceResultView[];
}

/** One poll: the gateway reads every source and derives the metrics of that moment. */
export class SnapshotView {
  /** The gateway’s own id. */
  id: string;
  /** The business number, by its id at Meta. */
  phone_number_id: string;
  /** `running` until the sources have answered. */
  state: 'running' | 'done' | 'failed';
  /** What began it. */
  cause: 'start' | 'schedule' | 'request';
  /** When the poll began (RFC 3339). */
  started_at: string;
  /** When it ended (RFC 3339); `null` while it runs. */
  finished_at: string | null;
  /** `null` until it is done, and when it failed. */
  figures: SnapshotMetricsView | null;
}

/** A page of polls, newest first. */
export class SnapshotPageView {
  /** The items of this page. */
  data: SnapshotView[];
  /** Give it as `cursor` for the next page; null on the last one. */
  next_cursor: string | null;
}

/** The data of `compliance.snapshot`: a poll that has ended. */
export class SnapshotEventView extends SnapshotMetricsView {
  /** The id of the snapshot. */
  id: string;
  /** The business number, by its id at Meta. */
  phone_number_id: string;
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
  sources: metrics.sources.map(({ observedAt, ...result }) => ({ ...result, observed_at: rfc3339(observedAt ?? null) })),
});

export const toSnapshotView = ({ metrics, ...snapshot }: Snapshot): SnapshotView => ({
  ...snapshot,
  started_at: rfc3339(snapshot.started_at),
  finished_at: rfc3339(snapshot.finished_at),
  figures: metrics && toSnapshotMetricsView(metrics),
});
