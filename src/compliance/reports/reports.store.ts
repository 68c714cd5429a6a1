import { Injectable } from '@nestjs/common';
import { type NumberReach, reaches } from '#identity/numbers/number-reach.js';
import type { IsoDate } from '#kernel/calendar/calendar.js';
import { newestOfNumbers, severalOf } from '#store/lists/newest-of-numbers.js';
import type { Schema } from '#store/schema.js';
import type { Reader, Tx } from '#store/store.js';
import type { Period } from './period.js';
import type { DayMetrics } from './periods/period-figures.js';
import type { ReportView } from './report.view.js';

/** A report as it is kept. */
export type StoredReport = Pick<Schema['reports'], 'created_at' | 'digest'> & { report: ReportView };

/** Where a page of reports begins: before the report that was written then. */
export type ReportPosition = readonly [createdAt: number, id: string];

const ofNumber = (reader: Reader, phoneNumberId: string) =>
  reader.selectFrom('reports').selectAll().where('phone_number_id', '=', phoneNumberId);

/** The period's metrics alone; the whole report of a row that a release before this one wrote. */
const metricRows = (reader: Reader, phoneNumberId: string) =>
  reader
    .selectFrom('reports')
    .select(['from_at', 'created_at'])
    .select(({ fn, ref }) => fn.coalesce(ref('metrics'), ref('data')).as('metrics'))
    .where('phone_number_id', '=', phoneNumberId);

@Injectable()
export class ReportsStore {
  /** Takes a period; false when a report for it has been written already, here or by another replica. */
  async take(tx: Tx, phoneNumberId: string, { from, until }: Period, at: number): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('report_periods')
      .values({ phone_number_id: phoneNumberId, from_at: from, until_at: until, produced_at: at })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return Number(numInsertedOrUpdatedRows ?? 0) > 0;
  }

  /** Adds a revision; a unique key of the table keeps it the next one, and a breach rolls the transaction back. */
  async add(tx: Tx, { from, until }: Period, createdAt: number, digest: string, report: ReportView): Promise<void> {
    await tx
      .insertInto('reports')
      .values({
        id: report.id,
        phone_number_id: report.phone_number_id,
        from_at: from,
        until_at: until,
        revision: report.revision,
        created_at: createdAt,
        digest,
        data: JSON.stringify(report),
        metrics: JSON.stringify({ date: report.period.date, figures: report.figures }),
      })
      .execute();
  }

  /** The periods that have a report, oldest first: the end of each by its beginning. */
  async taken(reader: Reader, phoneNumberId: string): Promise<Map<number, number>> {
    const taken = reader.selectFrom('report_periods').select(['from_at', 'until_at']).where('phone_number_id', '=', phoneNumberId);
    return new Map((await taken.orderBy('from_at').execute()).map(({ from_at, until_at }) => [from_at, until_at]));
  }

  /** When the latest revision of each period was written, by the beginnings of the periods since then. */
  async writtenAt(reader: Reader, phoneNumberId: string, since: number): Promise<Map<number, number>> {
    const rows = await reader
      .selectFrom('reports')
      .select(({ fn }) => ['from_at', fn.max('created_at').as('written_at')])
      .where('phone_number_id', '=', phoneNumberId)
      .where('from_at', '>=', since)
      .groupBy('from_at')
      .execute();
    return new Map(rows.map(({ from_at, written_at }) => [from_at, Number(written_at)]));
  }

  /** The latest revision of a period. */
  async revisionOf(reader: Reader, phoneNumberId: string, from: number): Promise<StoredReport | null> {
    const revisions = ofNumber(reader, phoneNumberId).where('from_at', '=', from);
    return toStoredReport(await revisions.orderBy('revision', 'desc').limit(1).executeTakeFirst());
  }

  /** What the latest revision of each period that began in a span reports, oldest first. */
  async metrics(reader: Reader, phoneNumberId: string, from: number, until: number): Promise<DayMetrics[]> {
    const rows = await metricRows(reader, phoneNumberId)
      .where('from_at', '>=', from)
      .where('from_at', '<', until)
      .orderBy('from_at')
      .orderBy('revision')
      .execute();
    const latest = new Map(rows.map((row) => [row.from_at, row]));
    return [...latest.values()].map(toDayMetrics);
  }

  /** The day of the latest period; null without any. */
  async lastDate(reader: Reader, phoneNumberId: string): Promise<IsoDate | null> {
    const newest = metricRows(reader, phoneNumberId).orderBy('from_at', 'desc').orderBy('revision', 'desc');
    const row = await newest.limit(1).executeTakeFirst();
    return row ? toDayMetrics(row).date : null;
  }

  /** The latest revision of the latest period. */
  async latest(reader: Reader, phoneNumberId: string): Promise<StoredReport | null> {
    const newest = ofNumber(reader, phoneNumberId).orderBy('from_at', 'desc').orderBy('revision', 'desc');
    return toStoredReport(await newest.limit(1).executeTakeFirst());
  }

  async find(reader: Reader, by: NumberReach, id: string): Promise<StoredReport | null> {
    const row = await reader.selectFrom('reports').selectAll().where('id', '=', id).executeTakeFirst();
    return row && reaches(by, row.phone_number_id) ? toStoredReport(row) : null;
  }

  /** Up to `most` revisions of a number about periods that ended before then. That they had a report stays known. */
  purgeOf(tx: Tx, phoneNumberId: string, before: number, most: number): Promise<{ numDeletedRows: bigint }> {
    const ofNumber = tx.selectFrom('reports').select('id').where('phone_number_id', '=', phoneNumberId);
    const old = ofNumber.where('from_at', '<', before).where('until_at', '<', before).limit(most);
    return tx.deleteFrom('reports').where('id', 'in', old).executeTakeFirst();
  }

  /** Newest first, after the cursor. */
  async list(reader: Reader, { numbers }: NumberReach, limit: number, after: ReportPosition | null): Promise<StoredReport[]> {
    const page = (of: readonly string[] | null) => {
      const all = reader.selectFrom('reports').orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit);
      const query = of === null ? all : all.where('phone_number_id', 'in', [...of]);
      return after ? query.where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'id'), '<', tuple(...after))) : query;
    };
    const several = severalOf(numbers);
    if (!several) return (await page(numbers).selectAll().execute()).map((row) => toStoredReport(row));
    const ids = await newestOfNumbers(reader, several, limit, (id) => page([id]).select(['id', 'created_at as at']));
    if (ids.length === 0) return [];
    const rows = reader.selectFrom('reports').selectAll().where('id', 'in', ids).orderBy('created_at', 'desc').orderBy('id', 'desc');
    return (await rows.execute()).map((row) => toStoredReport(row));
  }
}

function toDayMetrics({
  from_at,
  created_at,
  metrics,
}: Pick<Schema['reports'], 'from_at' | 'created_at'> & { metrics: string }): DayMetrics {
  const written = JSON.parse(metrics) as Pick<ReportView, 'figures'> & { date?: IsoDate; period?: ReportView['period'] };
  return { date: written.date ?? written.period?.date ?? '', from: from_at, createdAt: created_at, figures: written.figures };
}

function toStoredReport(row: Schema['reports']): StoredReport;
function toStoredReport(row: Schema['reports'] | undefined): StoredReport | null;
function toStoredReport(row: Schema['reports'] | undefined): StoredReport | null {
  return row ? { report: JSON.parse(row.data) as ReportView, created_at: row.created_at, digest: row.digest } : null;
}
