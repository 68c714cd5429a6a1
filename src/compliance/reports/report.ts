/** Conversations of a period as one source counts them. */
export interface PeriodCount {
  source: string;
  /** The zone of the source's day. */
  timeZone: string;
  businessInitiated: number;
  /** `null` when the source does not report it. */
  total: number | null;
}

/** Calls that began in a period, by how they ended. */
export interface CallMetrics {
  outbound: { total: number; answered: number; unanswered: number };
  inbound: { total: number; answered: number; missed: number };
}

/** What happened in a period: the part of a report that late data may restate. */
export interface PeriodMetrics {
  /** By source, never added up. */
  conversations: PeriodCount[];
  calls: CallMetrics;
}

/** A metric that late data has restated. */
export interface Restatement {
  field: string;
  before: number | null;
  after: number | null;
}

/** The metrics as names and numbers, for comparison and for CSV. */
export function flat({ conversations, calls }: PeriodMetrics): Map<string, number> {
  const all = new Map<string, number>();
  for (const { source, businessInitiated, total } of conversations) {
    all.set(`conversations.${source}.business_initiated`, businessInitiated);
    if (total !== null) all.set(`conversations.${source}.total`, total);
  }
  for (const direction of ['outbound', 'inbound'] as const) {
    const figures: Record<string, number> = calls[direction];
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
export function restated(before: PeriodMetrics | null, now: PeriodMetrics): PeriodMetrics {
  const known = before?.conversations ?? [];
  const had = new Set(known.map(({ source }) => source));
  const found = now.conversations.filter(({ source, total }) => source !== OWN || total !== 0 || had.has(OWN));
  const told = new Set(found.map(({ source }) => source));
  const kept = known.filter(({ source }) => !told.has(source));
  return { ...now, conversations: [...found, ...kept].sort((a, b) => a.source.localeCompare(b.source)) };
}

export function changesBetween(before: PeriodMetrics, after: PeriodMetrics): Restatement[] {
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
export function callMetricsOf(calls: readonly CallMark[]): CallMetrics {
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
