import { addDays, dateOf, datesBetween } from '#kernel/calendar/calendar.js';
import { DAY, HOUR } from '#kernel/clock.js';
import type { Count } from './count.js';
import { crossChecked, partnerCount } from './partner-count.js';
import { deriveProgress, type Progress, primarySource } from './progress.js';
import { type CountedDay, messageCount, webhookCount } from './webhook-count.js';

const NOW = Date.UTC(2026, 10, 22, 15);
const goal = { conversations: 1_000, windowDays: 30 };

/** What really was: conversations on each of the last 60 days, of which the sources know more or less. */
interface Truth {
  perDay: number;
}

const PARTNER = ['absent', 'present', 'missing days', 'stale', 'very old', 'no days', 'zeros', 'too low', 'short', 'no figure'] as const;
const WEBHOOKS = ['absent', 'whole window', 'part', 'silent', 'loose', 'nothing seen'] as const;
const PACES = [0, 1, 5, 12, 20, 30, 33, 34, 40, 60];
const ZONES = ['UTC', 'America/Mexico_City', 'Pacific/Auckland', 'Asia/Kathmandu', 'Africa/Cairo'];

function partnerIn(state: (typeof PARTNER)[number], { perDay }: Truth): Count | null {
  if (state === 'absent') return null;
  const age = { stale: 5 * HOUR, 'very old': 40 * DAY }[state as string] ?? HOUR / 2;
  const from = state === 'short' ? '2026-11-10' : '2026-08-30';
  const shown = { zeros: 0, 'too low': Math.floor(perDay / 4) }[state as string] ?? perDay;
  const all = datesBetween(from, addDays(dateOf(NOW - age, 'UTC'), 1)).map((date, index) => ({
    date,
    businessInitiated: state === 'no figure' && index === 3 ? null : shown,
    total: shown + 3,
  }));
  const kept = state === 'missing days' ? all.filter(({ businessInitiated }) => businessInitiated !== 0) : all;
  const days = state === 'no days' ? [] : kept;
  return partnerCount({ from, days }, NOW - age, NOW, goal.windowDays);
}

function webhooksIn(state: (typeof WEBHOOKS)[number], { perDay }: Truth, zone: string): { own: Count; messages: Count | null } {
  const since = state === 'part' ? NOW - 6 * DAY : NOW - 70 * DAY;
  const lastAt = state === 'silent' ? NOW - 3 * DAY : NOW - HOUR;
  const heardAt = state === 'absent' ? null : lastAt;
  const to = addDays(dateOf(NOW, zone), 1);
  const days: CountedDay[] = datesBetween(addDays(to, -85), to).map((date) => {
    const heard = state !== 'absent' && state !== 'nothing seen' && date >= dateOf(since, zone) && date <= dateOf(heardAt ?? 0, zone);
    const loose = state === 'loose';
    const opened = loose ? Math.floor(perDay / 2) : perDay;
    const businessInitiated = heard ? opened : 0;
    return {
      date,
      businessInitiated,
      total: businessInitiated,
      looseBusiness: heard && loose ? perDay : 0,
      looseTotal: heard && loose ? perDay : 0,
    };
  });
  const counting = { zone, windowDays: goal.windowDays, now: NOW, since, heardAt, days };
  return { own: webhookCount(counting), messages: messageCount(counting) };
}

const cases = PARTNER.flatMap((partner) =>
  WEBHOOKS.flatMap((webhooks) => PACES.flatMap((perDay) => ZONES.map((zone) => ({ partner, webhooks, perDay, zone })))),
);

function assertBacked({ partner, webhooks, perDay, zone }: (typeof cases)[number]): void {
  const { own, messages } = webhooksIn(webhooks, { perDay }, zone);
  const told = partnerIn(partner, { perDay });
  const counts = [...(told ? [crossChecked(told, own, messages)] : []), own, ...(messages ? [messages] : [])];
  const progress = deriveProgress(counts, goal);
  const truth = perDay * goal.windowDays;
  const about = { partner, webhooks, perDay, zone, progress };
  // A yes was counted, and a no has seen the whole window.
  if (progress.meets === true)
    expect({ ...about, proven: (progress.businessInitiated ?? 0) >= goal.conversations }).toMatchObject({ proven: true });
  if (progress.meets === false) expect({ ...about, complete: progress.coverage.complete }).toMatchObject({ complete: true });
  // Nothing is counted that did not happen. Only a partner that lies alone, in whole, can hide something.
  const lies = ['zeros', 'too low'].includes(partner) && !['whole window', 'part', 'silent', 'loose'].includes(webhooks);
  if (progress.meets === false && !lies) expect({ ...about, truth: truth < goal.conversations }).toMatchObject({ truth: true });
  if (progress.meets === true) expect({ ...about, truth: truth >= goal.conversations }).toMatchObject({ truth: true });
  assertTraceable(progress, counts, about);
}

function assertTraceable(progress: Progress, counts: readonly Count[], about: object): void {
  const chosen = primarySource(counts);
  // Every number leads to a reading, and unknown is null throughout.
  if (progress.businessInitiated === null) {
    expect({ ...about, rest: [progress.remaining, progress.progress, progress.meets] }).toMatchObject({ rest: [null, null, null] });
    // A source may tell the total and leave out who began.
    const told = counts.find(
      ({ source, total, reason }) => source === progress.source && total === progress.total && reason === 'figure_missing',
    );
    expect({ ...about, told: told !== undefined }).toMatchObject({ told: progress.source !== null || progress.total !== null });
    expect(progress.reason).not.toBeNull();
  } else {
    expect(chosen).toMatchObject({ source: progress.source, businessInitiated: progress.businessInitiated, unit: 'conversation' });
    expect(chosen?.series.reduce((sum, day) => sum + day.businessInitiated, 0)).toBe(progress.businessInitiated);
  }
}

describe('no verdict claims more than its evidence', () => {
  it(`in ${PARTNER.length * WEBHOOKS.length * PACES.length * ZONES.length} combinations of sources, states, paces and zones`, () => {
    expect(cases.length).toBeGreaterThanOrEqual(3_000);
    for (const one of cases) assertBacked(one);
  }, 600_000);
});

describe('the partner’s answer', () => {
  const partner = (days: { date: string; businessInitiated: number | null; total: number | null }[]) =>
    partnerCount({ from: '2026-08-30', days }, NOW, NOW, goal.windowDays);

  it('has zero on a day that is missing among others', () => {
    const count = partner([{ date: '2026-11-01', businessInitiated: 40, total: 50 }]);
    expect(count).toMatchObject({ businessInitiated: 40, total: 50, coverage: { from: '2026-10-24', to: '2026-11-23', complete: true } });
    expect(count.series).toHaveLength(30);
  });

  it('is unknown without any day', () => {
    expect(partner([])).toMatchObject({ businessInitiated: null, total: null, reason: 'no_days' });
  });

  it('is unknown when its zeros are contradicted, and stays on display when it is only too low', () => {
    const { own } = webhooksIn('whole window', { perDay: 20 }, 'UTC');
    const zeros = partner([{ date: '2026-11-01', businessInitiated: 0, total: 9 }]);
    expect(crossChecked(zeros, own, null)).toMatchObject({ businessInitiated: null, reason: 'contradicted_by_webhooks' });
    const low = partner([{ date: '2026-11-01', businessInitiated: 100, total: 100 }]);
    expect(crossChecked(low, own, null)).toMatchObject({
      businessInitiated: 100,
      coverage: { complete: false },
      reason: 'contradicted_by_webhooks',
    });
    expect(deriveProgress([crossChecked(low, own, null), own], goal)).toMatchObject({ source: 'webhooks', businessInitiated: 600 });
  });

  it('is unknown when its zeros are contradicted by messages without a conversation, or by conversations of users', () => {
    const zeros = partner([{ date: '2026-11-01', businessInitiated: 0, total: 0 }]);
    const loose = webhooksIn('loose', { perDay: 1 }, 'UTC');
    expect(crossChecked(zeros, null, loose.messages)).toMatchObject({ businessInitiated: null, reason: 'contradicted_by_webhooks' });
    const byUsers = { ...webhooksIn('whole window', { perDay: 20 }, 'UTC').own, businessInitiated: 0 };
    expect(crossChecked(zeros, byUsers, null)).toMatchObject({ businessInitiated: null, reason: 'contradicted_by_webhooks' });
    expect(crossChecked(partner([{ date: '2026-11-01', businessInitiated: 0, total: 4 }]), byUsers, null).businessInitiated).toBe(0);
  });

  it('reports no total that its rows do not add up to', () => {
    const day = (date: string, total: number | null) => ({ date, businessInitiated: 7, total });
    const told = partner([day('2026-11-20', 9), day('2026-11-21', null)]);
    expect(told).toMatchObject({ businessInitiated: 14, total: null, coverage: { complete: true } });
    expect(told.series.slice(-3)).toMatchObject([{ total: 9 }, { total: null }, { total: 0 }]);
  });

  it('keeps the present window and says so when it is old', () => {
    const days = datesBetween('2026-10-01', '2026-11-23').map((date) => ({ date, businessInitiated: 30, total: 30 }));
    const old = partnerCount({ from: '2026-08-30', days }, NOW - DAY, NOW, goal.windowDays);
    expect(old).toMatchObject({ businessInitiated: 29 * 30, coverage: { complete: false, to: '2026-11-22' }, reason: 'stale' });
  });
});
