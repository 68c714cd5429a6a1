import { LEAST_CALLS } from '#compliance/eligibility/gates/pick-up.js';
import type { ReportView } from '#compliance/reports/report.view.js';
import type { ReportGateView } from '#compliance/reports/status/report-status.view.js';
import type { NumberPeriodView, PeriodCauseView, PeriodChangeView, PeriodFigureView, PeriodStatusView } from './period-report.view.js';

/**
 * What holds at the moment of reading alone: that no softphone listened when the report was written, at night perhaps, is no news of a day.
 * It stands with its time among the gates.
 */
const OF_THE_MOMENT: ReadonlySet<string> = new Set(['listener']);

/** The figures whose change matters most, the first one first; a change of the others is smaller news. */
const WEIGHT = [
  'calls.inbound.missed',
  'rate.inbound',
  'calls.outbound.unanswered',
  'rate.outbound',
  'calls.inbound.answered',
  'calls.outbound.answered',
];

const DIRECTIONS = ['outbound', 'inbound'] as const;

/** The status as it was read when a report was written; null without a report. */
export function periodStatusOf(report: ReportView | null): PeriodStatusView | null {
  if (!report) return null;
  const { standing, created_at } = report;
  return {
    as_of: created_at,
    outbound: standing.outbound,
    inbound: standing.inbound,
    causes: causesOf(standing.gates),
    meets_1k_requirement: standing.meets_1k_requirement,
    messaging_limit: standing.messaging_limit,
  };
}

/** What blocks, then what warns, each in the order of the gates; a cause of both directions stands once for each. */
function causesOf(gates: readonly ReportGateView[]): PeriodCauseView[] {
  const causes = gates.flatMap(({ direction, name, verdict, code, observed_at: as_of }): PeriodCauseView[] => {
    const counts = (verdict === 'fail' || verdict === 'warning') && code !== null && !OF_THE_MOMENT.has(name);
    return counts ? [{ direction, code, blocks: verdict === 'fail', as_of }] : [];
  });
  return [...causes.filter(({ blocks }) => blocks), ...causes.filter(({ blocks }) => !blocks)];
}

/** What differs between two reports; nothing without an earlier one. */
export function changesOf(
  now: PeriodStatusView | null,
  before: PeriodStatusView | null,
  figures: readonly PeriodFigureView[],
): PeriodChangeView[] {
  const news = now && before ? [...verdictChanges(now, before), ...causeChanges(now, before), ...thresholdChanges(now, before)] : [];
  const rank = (name: string) => (WEIGHT.includes(name) ? WEIGHT.indexOf(name) : WEIGHT.length);
  const moved = figures.filter(({ change }) => change !== null && change !== 0).sort((a, b) => rank(a.name) - rank(b.name));
  return [...news, ...moved.map(({ name, before, value, as_of }) => ({ about: name, code: null, before, now: value, as_of }))];
}

function verdictChanges(now: PeriodStatusView, before: PeriodStatusView): PeriodChangeView[] {
  return DIRECTIONS.filter((direction) => now[direction] !== before[direction]).map((direction) => {
    const cause = now.causes.find((one) => one.direction === direction && one.blocks && now[direction] === 'blocked');
    const as_of = cause?.as_of ?? now.as_of;
    return { about: direction, code: cause?.code ?? null, before: before[direction], now: now[direction], as_of };
  });
}

/** Causes that came or went beside those by which the verdict of a direction changed. */
function causeChanges(now: PeriodStatusView, before: PeriodStatusView): PeriodChangeView[] {
  const codes = ({ causes }: PeriodStatusView) => new Map(causes.map((cause) => [cause.code, cause]));
  const [present, past] = [codes(now), codes(before)];
  const told = new Set(verdictChanges(now, before).map(({ code }) => code));
  const came = [...present.values()].filter(({ code }) => !past.has(code) && !told.has(code));
  const went = [...past.values()].filter(({ code }) => !present.has(code));
  return [
    ...came.map(({ code, blocks, as_of }) => ({ about: 'gate', code, before: null, now: blocks ? 'fail' : 'warning', as_of })),
    ...went.map(({ code, blocks }) => ({ about: 'gate', code, before: blocks ? 'fail' : 'warning', now: null, as_of: now.as_of })),
  ];
}

function thresholdChanges(now: PeriodStatusView, before: PeriodStatusView): PeriodChangeView[] {
  const changes: PeriodChangeView[] = [];
  const { as_of } = now;
  if (now.meets_1k_requirement !== before.meets_1k_requirement)
    changes.push({
      about: 'meets_1k_requirement',
      code: null,
      before: wordOf(before.meets_1k_requirement),
      now: wordOf(now.meets_1k_requirement),
      as_of,
    });
  if (now.messaging_limit !== before.messaging_limit)
    changes.push({ about: 'messaging_limit', code: null, before: before.messaging_limit, now: now.messaging_limit, as_of });
  return changes;
}

const wordOf = (met: boolean | null): string | null => {
  if (met === null) return null;
  return met ? 'met' : 'not_met';
};

/** Whether a rate lies below its target; too few calls are chance, and decide nothing. */
export const isBelowTarget = (figures: readonly PeriodFigureView[], direction: 'inbound' | 'outbound'): boolean => {
  const find = (name: string) => figures.find((figure) => figure.name === name)?.value ?? null;
  const [rate, answered] = [find(`rate.${direction}`), find(`calls.${direction}.answered`)];
  const missed = find(direction === 'inbound' ? 'calls.inbound.missed' : 'calls.outbound.unanswered');
  const target = figures.find(({ name }) => name === `rate.${direction}`)?.target ?? null;
  if (rate === null || answered === null || missed === null || target === null) return false;
  return answered + missed >= LEAST_CALLS && rate < target;
};

/** How much a number asks for the reader, and the code that says what to do first. */
export function attentionOf(
  status: PeriodStatusView | null,
  figures: readonly PeriodFigureView[],
): Pick<NumberPeriodView, 'attention' | 'action_code'> {
  if (!status) return { attention: 'unknown', action_code: null };
  const action_code = status.causes[0]?.code ?? lowRateOf(figures);
  if (status.outbound === 'blocked' || status.inbound === 'blocked') return { attention: 'act', action_code };
  if (action_code !== null) return { attention: 'watch', action_code };
  const isOpen = status.outbound === 'unknown' || status.inbound === 'unknown';
  return { attention: isOpen ? 'unknown' : 'fine', action_code };
}

function lowRateOf(figures: readonly PeriodFigureView[]): string | null {
  if (isBelowTarget(figures, 'inbound')) return 'inbound_pick_up_rate_low';
  return isBelowTarget(figures, 'outbound') ? 'pick_up_rate_low' : null;
}
