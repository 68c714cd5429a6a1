import type { Reading } from './reading.js';

/** What a source of conversation counts says about a window of days. */
export interface ConversationCount {
  businessInitiated: number;
  total: number;
  /** Calendar days, `to` exclusive. */
  from: string;
  to: string;
  /** Whether the source covers the whole window that the requirement asks about. */
  complete: boolean;
}

/** What the owner wants to be reached. */
export interface Goal {
  conversations: number;
  windowDays: number;
}

/** How far the number has come towards the goal; `null` is unknown, never zero. */
export interface Progress {
  businessInitiated: number | null;
  total: number | null;
  remaining: number | null;
  /** 0 to 1. */
  progress: number | null;
  meets: boolean | null;
  source: string | null;
  scope: Reading['scope'] | null;
  coverage: { from: string | null; to: string | null; complete: boolean };
  observedAt: number | null;
  /** Why the counts or the verdict are unknown: `no_source` or `window_incomplete`. */
  reason: string | null;
}

/**
 * One source speaks: the one that covers the whole window, and among equals the newest. A window known in part decides only
 * when that part suffices already.
 */
export function concludeProgress(counts: readonly Reading<ConversationCount>[], goal: Goal): Progress {
  const [chosen] = [...counts].sort((a, b) => Number(b.value.complete) - Number(a.value.complete) || b.observedAt - a.observedAt);
  if (!chosen) return UNKNOWN;
  const { businessInitiated, total, from, to, complete } = chosen.value;
  const reached = businessInitiated >= goal.conversations;
  return {
    businessInitiated,
    total,
    remaining: Math.max(0, goal.conversations - businessInitiated),
    progress: Math.min(1, Math.round((businessInitiated / goal.conversations) * 1_000) / 1_000),
    meets: reached ? true : complete ? false : null,
    source: chosen.source,
    scope: chosen.scope,
    coverage: { from, to, complete },
    observedAt: chosen.observedAt,
    reason: reached || complete ? null : 'window_incomplete',
  };
}

const UNKNOWN: Progress = {
  businessInitiated: null,
  total: null,
  remaining: null,
  progress: null,
  meets: null,
  source: null,
  scope: null,
  coverage: { from: null, to: null, complete: false },
  observedAt: null,
  reason: 'no_source',
};
