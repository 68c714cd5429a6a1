import { type Count, type Coverage, NOTHING_COVERED } from './count.js';

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
  scope: Count['scope'] | null;
  /** The zone of the days of the source. */
  timeZone: string | null;
  coverage: Coverage;
  observedAt: number | null;
  /** Why the counts or the verdict are unknown, such as `no_source` or `window_incomplete`. */
  reason: string | null;
}

/**
 * The primary source. Only conversations decide. A source that covers the whole window goes before one that covers a part;
 * among parts the one that has proven most, since a part can only be too low, and one without any proves nothing; among
 * equals the newest.
 */
export function primarySource(counts: readonly Count[]): Count | null {
  const known = counts.filter((count) => count.unit === 'conversation' && (proven(count) > 0 || isWhole(count)));
  const [chosen] = known.sort(
    (a, b) =>
      Number(b.coverage.complete) - Number(a.coverage.complete) ||
      (a.coverage.complete ? 0 : proven(b) - proven(a)) ||
      b.observedAt - a.observedAt,
  );
  return chosen ?? null;
}

const isWhole = ({ businessInitiated, coverage }: Count): boolean => businessInitiated !== null && coverage.complete;
const proven = ({ businessInitiated }: Count): number => businessInitiated ?? 0;

/** Whole windows decide either way; a window that is known in part decides only when that part suffices already. */
export function deriveProgress(counts: readonly Count[], goal: Goal): Progress {
  const chosen = primarySource(counts);
  if (!chosen) return totalAlone(counts);
  const businessInitiated = proven(chosen);
  const { source, scope, timeZone, total, coverage, observedAt } = chosen;
  const reached = businessInitiated >= goal.conversations;
  return {
    businessInitiated,
    total,
    remaining: Math.max(0, goal.conversations - businessInitiated),
    // Rounded down: short of the goal it never shows as all of it.
    progress: Math.min(1, Math.floor((businessInitiated * 1_000) / goal.conversations) / 1_000),
    meets: reached || coverage.complete ? reached : null,
    source,
    scope,
    timeZone,
    coverage,
    observedAt,
    reason: reached || coverage.complete ? null : (chosen.reason ?? 'window_incomplete'),
  };
}

/** Without a source that decides: a source may tell the total and leave out who began. */
function totalAlone(counts: readonly Count[]): Progress {
  const conversations = counts.filter(({ unit }) => unit === 'conversation');
  const told = conversations.find(({ businessInitiated, total }) => businessInitiated === null && total !== null);
  const reason = (told ?? conversations[0])?.reason ?? 'no_source';
  if (!told) return { ...UNKNOWN, reason };
  const { total, source, scope, timeZone, coverage, observedAt } = told;
  return { ...UNKNOWN, total, source, scope, timeZone, coverage, observedAt, reason };
}

const UNKNOWN: Progress = {
  businessInitiated: null,
  total: null,
  remaining: null,
  progress: null,
  meets: null,
  source: null,
  scope: null,
  timeZone: null,
  coverage: NOTHING_COVERED,
  observedAt: null,
  reason: 'no_source',
};
