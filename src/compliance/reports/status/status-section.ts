import type { Count, DayCount } from '#compliance/conversations/count.js';
import { countFields, progressFields, projectionFields, projectionOf } from '#compliance/conversations/fields.js';
import { usageFields } from '#compliance/conversations/usage/limit-usage.js';
import type { Gate } from '#compliance/eligibility/eligibility.js';
import type { Eligibility } from '#compliance/eligibility/eligibility.service.js';
import { gateFields } from '#compliance/eligibility/gates/gate.js';
import { REQUIRED_LIMIT, shownLimit } from '#compliance/eligibility/policy.js';
import type { Requirements } from '#compliance/eligibility/requirements.service.js';
import type { Snapshot } from '#compliance/polling/snapshot.js';
import { type CallMark, callMetricsOf } from '#compliance/reports/report.js';
import type { CallDayView, ReportView, RollingDayView, TierView } from '#compliance/reports/report.view.js';
import { addDays, dateOf, datesBetween, startOf } from '#kernel/calendar/calendar.js';
import { rfc3339 } from '#kernel/clock.js';
import type { ReportGateView, ReportStatusView } from './report-status.view.js';

/** The status section: what reports of one run have in common. */
export type StatusSection = Pick<ReportView, 'required_conversations' | 'window_days' | 'standing' | 'series' | 'calls' | 'tiers'>;

export interface StatusInputs {
  eligibility: Eligibility;
  requirements: Requirements;
  /** Finished polls, oldest first. */
  polls: readonly Snapshot[];
  /** Ended calls of the last days, oldest first. */
  calls: readonly CallMark[];
  now: number;
  zone: string;
}

const SERIES_DAYS = 60;
const CALL_DAYS = 30;

export function statusSectionOf(known: StatusInputs): StatusSection {
  const { requirements, calls, polls, now, zone } = known;
  const { goal, primarySource } = requirements;
  return {
    required_conversations: goal.conversations,
    window_days: goal.windowDays,
    standing: reportStatusOf(known),
    series: primarySource ? rolling(primarySource, goal.windowDays) : [],
    calls: callDays(calls, now, zone),
    tiers: tiersOf(polls),
  };
}

function reportStatusOf({ eligibility, requirements, now }: StatusInputs): ReportStatusView {
  const { progress, limit, counts, templateUsers, usage } = requirements;
  const shown = shownLimit(limit);
  return {
    ...progressFields(progress),
    coverage_from: progress.coverage.from,
    coverage_to: progress.coverage.to,
    coverage_complete: progress.coverage.complete,
    projection: projectionFields(projectionOf(requirements, now)),
    messaging_limit: shown.tier,
    messaging_limit_users: shown.limit,
    messaging_limit_required: REQUIRED_LIMIT,
    meets_messaging_limit: shown.meets,
    messaging_limit_source: shown.source,
    messaging_limit_usage: usageFields(usage),
    template_users_30d: templateUsers?.value ?? null,
    inbound: eligibility.inbound.verdict,
    outbound: eligibility.outbound.verdict,
    gates: [
      ...eligibility.outbound.gates.map((gate) => toGate('outbound', gate)),
      ...eligibility.inbound.gates.map((gate) => toGate('inbound', gate)),
    ],
    readings: counts.map(countFields),
  };
}

const toGate = (direction: 'inbound' | 'outbound', gate: Gate): ReportGateView => ({ direction, ...gateFields(gate) });

/** The days of a source, each with what the window that ends with it holds. */
function rolling({ history, series }: Count, windowDays: number): RollingDayView[] {
  const days = new Map<string, DayCount>([...history, ...series].map((day) => [day.date, day]));
  const sorted = [...days.values()].sort((a, b) => a.date.localeCompare(b.date));
  const all = sorted.map(({ date, businessInitiated, total }, index) => {
    const window = sorted.slice(Math.max(0, index + 1 - windowDays), index + 1);
    const inWindow = window.length < windowDays ? null : window.reduce((sum, day) => sum + day.businessInitiated, 0);
    return { date, business_initiated: businessInitiated, total, in_window: inWindow };
  });
  return all.slice(-SERIES_DAYS);
}

function callDays(calls: readonly CallMark[], now: number, zone: string): CallDayView[] {
  const to = addDays(dateOf(now, zone), 1);
  return datesBetween(addDays(to, -CALL_DAYS), to).map((date) => {
    const [from, until] = [startOf(date, zone), startOf(addDays(date, 1), zone)];
    const { outbound, inbound } = callMetricsOf(calls.filter(({ at }) => at >= from && at < until));
    return {
      date,
      outbound: outbound.answered + outbound.unanswered,
      outbound_answered: outbound.answered,
      inbound: inbound.answered + inbound.missed,
      inbound_answered: inbound.answered,
    };
  });
}

function tiersOf(polls: readonly Snapshot[]): TierView[] {
  const tiers: TierView[] = [];
  for (const { started_at, metrics } of polls) {
    if (metrics?.tier && tiers.at(-1)?.tier !== metrics.tier) tiers.push({ since: rfc3339(started_at), tier: metrics.tier });
  }
  return tiers;
}
