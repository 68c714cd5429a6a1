import type { IsoDate } from '#kernel/calendar/calendar.js';

/** What is counted; never mixed. */
export type Unit = 'conversation' | 'message' | 'unique_user';

/** Conversations of one calendar day. */
export interface DayCount {
  date: IsoDate;
  businessInitiated: number;
  /** `null` when the source does not report it. */
  total: number | null;
}

/** Calendar days, `to` exclusive. */
export interface Coverage {
  from: IsoDate | null;
  to: IsoDate | null;
  /** Whether that is the whole window that the requirement asks about. */
  complete: boolean;
}

/** What one source says about the window; `null` is unknown, never zero. */
export interface Count {
  /** `partner_api`, `webhooks`, `owner` or `meta`. */
  source: string;
  unit: Unit;
  /** What it covers: this number, the client at 360dialog with all its numbers, or the portfolio. */
  scope: 'number' | 'client' | 'portfolio';
  /** The zone of its days. */
  timeZone: string;
  businessInitiated: number | null;
  total: number | null;
  coverage: Coverage;
  observedAt: number;
  /** Why it is unknown or not to be relied on; a word such as `contradicted_by_webhooks`. */
  reason: string | null;
  /** One entry for each covered day, oldest first. */
  series: DayCount[];
  /** Complete days before today, as far back as the source goes: the input of a projection. */
  history: DayCount[];
}

export const NOTHING_COVERED: Coverage = { from: null, to: null, complete: false };

/** A count without any value. @param reason a word such as `no_days` */
export const unknownCount = (
  reason: string,
): Pick<Count, 'businessInitiated' | 'total' | 'coverage' | 'reason' | 'series' | 'history'> => ({
  businessInitiated: null,
  total: null,
  coverage: NOTHING_COVERED,
  reason,
  series: [],
  history: [],
});

/** The total of days is unknown as soon as that of one day is. */
export const sumOf = (days: readonly DayCount[]): { businessInitiated: number; total: number | null } => ({
  businessInitiated: days.reduce((sum, day) => sum + day.businessInitiated, 0),
  total: days.reduce<number | null>((sum, { total }) => (sum === null || total === null ? null : sum + total), 0),
});
