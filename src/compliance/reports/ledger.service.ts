import { Inject, Injectable } from '@nestjs/common';
import { RequirementsService } from '#compliance/eligibility/requirements.service.js';
import { Settings } from '#config/settings.js';
import { OutboxService } from '#events/outbox.service.js';
import { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { addDays, dateOf, type IsoDate } from '#kernel/calendar/calendar.js';
import { Clock, DAY, rfc3339 } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { sha256 } from '#kernel/secret.js';
import { numberLock, Store, type Tx } from '#store/store.js';
import { closedPeriods, isCovered, type Period } from './period.js';
import { changesBetween, restated } from './report.js';
import { type PeriodMetricsView, type ReportView, type RestatementView, toSummaryView } from './report.view.js';
import { ReportsStore, type StoredReport } from './reports.store.js';
import type { StatusSection } from './status/status-section.js';

/** Deliveries come up to 7 days late, and a partner's balance settles within days: so long a period may be restated. */
const RESTATED_MS = 8 * DAY;

/** How many comparisons are remembered, of about 200 bytes each: a number has about ten open periods. */
const MOST_COMPARED = 20_000;

/** A period that may still be restated, and when its latest revision was written. */
export type OpenPeriod = Period & { writtenAt: number };

/** A revision of a report, before it is written. */
interface Draft {
  period: Period;
  figures: PeriodMetricsView;
  revision: number;
  changes: RestatementView[];
}

/**
 * Which periods have a report. A period is taken and its report written in one transaction with the period as key: despite
 * replicas, kills and restarts it happens once, and a process that was suspended meanwhile finds it taken.
 */
@Injectable()
export class LedgerService {
  /** The periods that are over, by their zone, from the first day that any number has needed; they change at midnight only. */
  readonly #closed = new Map<string, { first: IsoDate; until: IsoDate; periods: Period[] }>();
  /** Metrics that brought nothing new, by number and period, with the revision they were compared with. */
  readonly #compared = new Map<string, string>();

  constructor(
    private readonly reports: ReportsStore,
    private readonly outbox: OutboxService,
    private readonly requirements: RequirementsService,
    private readonly store: Store,
    private readonly settings: SettingsOfNumbers,
    @Inject(Settings) private readonly gateway: Pick<Settings, 'mode'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Periods that are over and have no report, oldest first. The first is the day before the number was learnt: the partner
   * may know it.
   */
  async missing({ phoneNumberId, learnedAt }: OurNumber): Promise<Period[]> {
    const { timeZone } = this.settings.of(phoneNumberId);
    const taken = await this.reports.taken(this.store.read, phoneNumberId);
    return this.#closedSince(addDays(dateOf(learnedAt, timeZone), -1), timeZone).filter((period) => !isCovered(period, taken));
  }

  /** Periods with a report that late data may still restate, and when their latest revision was written. */
  async open({ phoneNumberId }: OurNumber): Promise<OpenPeriod[]> {
    const { timeZone } = this.settings.of(phoneNumberId);
    const now = this.clock.now();
    const written = await this.reports.writtenAt(this.store.read, phoneNumberId, now - RESTATED_MS - 2 * DAY);
    return closedPeriods(dateOf(now - RESTATED_MS, timeZone), timeZone, now).flatMap((period) => {
      const writtenAt = written.get(period.from);
      return writtenAt === undefined ? [] : [{ ...period, writtenAt }];
    });
  }

  /** Writes the report of a period; false when another has done so. */
  async write(number: OurNumber, period: Period, found: PeriodMetricsView, background: StatusSection): Promise<boolean> {
    const figures = restated(null, found);
    return this.#inTurn(number, async (tx) => {
      const at = this.clock.now();
      if (!(await this.reports.take(tx, number.phoneNumberId, period, at))) return false;
      return this.#add(tx, number, { period, figures, revision: 1, changes: [] }, background, at);
    });
  }

  /** Whether metrics may be new: false when they were compared with the latest revision before. */
  mayBeNews({ phoneNumberId }: OurNumber, period: OpenPeriod, found: PeriodMetricsView): boolean {
    return this.#compared.get(`${phoneNumberId} ${period.from}`) !== comparisonOf(period, found);
  }

  /** Writes the next revision of a period when its metrics have changed; false when they have not. */
  async revise(number: OurNumber, period: OpenPeriod, found: PeriodMetricsView, background: StatusSection): Promise<boolean> {
    const written = await this.#inTurn(number, async (tx) => {
      const latest = await this.reports.revisionOf(tx, number.phoneNumberId, period.from);
      const draft = latest && redraft(latest, period, found);
      return draft ? this.#add(tx, number, draft, background, this.clock.now()) : false;
    });
    if (!written) this.#remember(`${number.phoneNumberId} ${period.from}`, comparisonOf(period, found));
    return written;
  }

  /** The oldest are forgotten first: those are of periods that are restated no more. */
  #remember(key: string, comparison: string): void {
    this.#compared.delete(key);
    this.#compared.set(key, comparison);
    const [oldest] = this.#compared.keys();
    if (this.#compared.size > MOST_COMPARED && oldest !== undefined) this.#compared.delete(oldest);
  }

  #closedSince(first: IsoDate, timeZone: string): readonly Period[] {
    const now = this.clock.now();
    const until = dateOf(now, timeZone);
    const known = this.#closed.get(timeZone);
    if (known?.until === until && known.first <= first) return known.periods.filter(({ date }) => date >= first);
    const from = known && known.first < first ? known.first : first;
    const periods = closedPeriods(from, timeZone, now);
    this.#closed.set(timeZone, { first: from, until, periods });
    return periods.filter(({ date }) => date >= first);
  }

  #inTurn<T>({ phoneNumberId }: OurNumber, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.store.write(work, [numberLock(phoneNumberId)], 'long');
  }

  async #add(tx: Tx, { phoneNumberId }: OurNumber, draft: Draft, background: StatusSection, at: number): Promise<boolean> {
    const { period, figures, revision, changes } = draft;
    const report: ReportView = {
      ...background,
      id: newId('rep'),
      phone_number_id: phoneNumberId,
      mode: this.gateway.mode,
      period: {
        date: period.date,
        from: rfc3339(period.from),
        to: rfc3339(period.until),
        time_zone: this.settings.of(phoneNumberId).timeZone,
      },
      revision,
      created_at: rfc3339(at),
      figures,
      changes,
    };
    await this.reports.add(tx, period, at, digestOf(figures), report);
    await this.outbox.append(tx, {
      type: 'compliance.report',
      subject: `number:${phoneNumberId}`,
      sequence: await this.requirements.nextSequence(tx, phoneNumberId),
      phoneNumberId,
      occurredAt: at,
      expiresAt: null,
      data: toSummaryView(report),
    });
    return true;
  }
}

/** The next revision, or null when nothing has changed. */
function redraft({ report, digest }: StoredReport, period: Period, found: PeriodMetricsView): Draft | null {
  const before = report.figures;
  const figures = restated(before, found);
  if (digestOf(figures) === digest) return null;
  return { period, figures, revision: report.revision + 1, changes: changesBetween(before, figures) };
}

const comparisonOf = ({ writtenAt }: OpenPeriod, found: PeriodMetricsView): string => `${writtenAt} ${digestOf(found)}`;

/** Equal metrics have equal digests; the order of the sources does not matter. */
const digestOf = ({ conversations, calls }: PeriodMetricsView): string => {
  const counts = conversations.toSorted((a, b) => a.source.localeCompare(b.source));
  // Digests are stored: the names within them stay.
  const named = counts.map(({ source, time_zone: timeZone, business_initiated: businessInitiated, total }) => ({
    source,
    timeZone,
    businessInitiated,
    total,
  }));
  return sha256(JSON.stringify([named, calls]));
};
