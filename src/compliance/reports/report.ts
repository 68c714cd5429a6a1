import type { CallMetricsView, PeriodMetricsView, RestatementView } from './report.view.js';

/** The metrics as names and numbers, for comparison and for CSV. */
export function flat({ conversations, calls }: PeriodMetricsView): Map<string, number> {
  const all = new Map<string, number>();
  for (const { source, business_initiated, total } of conversations) {
    all.set(`conversations.${source}.business_initiated`, business_initiated);
    if (total !== null) all.set(`conversations.${source}.total`, total);
  }
  for (const direction of ['outbound', 'inbound'] as const) {
    const figures: Record<string, number> = { ...calls[direction] };
    for (const [name, value] of Object.entries(figures)) all.set(`calls.${direction}.${name}`, value);
  }
  return all;
}

const OWN = 'webhooks';

/**
 * What a period's report says, after what it said before. A count that its source no longer reports stays: silence restates
 * nothing. That we counted none ourselves is silence too, unless we had counted some: a late status has then shown that they
 * began on another day.
 */
export function restated(before: PeriodMetricsView | null, now: PeriodMetricsView): PeriodMetricsView {
  const known = before?.conversations ?? [];
  const had = new Set(known.map(({ source }) => source));
  const found = now.conversations.filter(({ source, total }) => source !== OWN || total !== 0 || had.has(OWN));
  const told = new Set(found.map(({ source }) => source));
  const kept = known.filter(({ source }) => !told.has(source));
  return { ...now, conversations: [...found, ...kept].sort((a, b) => a.source.localeCompare(b.source)) };
}

export function changesBetween(before: PeriodMetricsView, after: PeriodMetricsView): RestatementView[] {
  const [old, young] = [flat(before), flat(after)];
  const fields = [...new Set([...old.keys(), ...young.keys()])].sort();
  return fields
    .map((field) => ({ field, before: old.get(field) ?? null, after: young.get(field) ?? null }))
    .filter((change) => change.before !== change.after);
}

/** One call, as far as metrics need it. */
export interface CallMark {
  at: number;
  direction: 'inbound' | 'outbound';
  outcome: string | null;
}

const UNANSWERED = new Set(['rejected', 'no_answer']);
const MISSED = new Set(['missed', 'rejected', 'expired']);

/** Adds calls up. Calls that never rang are in the totals alone. */
export function callMetricsOf(calls: readonly CallMark[]): CallMetricsView {
  const outbound = calls.filter(({ direction }) => direction === 'outbound');
  const inbound = calls.filter(({ direction }) => direction === 'inbound');
  const count = (marks: readonly CallMark[], is: (outcome: string) => boolean) => marks.filter(({ outcome }) => is(outcome ?? '')).length;
  return {
    outbound: {
      total: outbound.length,
      answered: count(outbound, (outcome) => outcome === 'answered'),
      unanswered: count(outbound, (outcome) => UNANSWERED.has(outcome)),
    },
    inbound: {
      total: inbound.length,
      answered: count(inbound, (outcome) => outcome === 'answered'),
      missed: count(inbound, (outcome) => MISSED.has(outcome)),
    },
  };
}
