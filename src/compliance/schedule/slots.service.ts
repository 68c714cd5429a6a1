import { CronTime } from 'cron';
import { MINUTE } from '#kernel/clock.js';
import { sha256 } from '#kernel/secret.js';

/** When something is to happen: a cron expression in an IANA time zone. */
export interface Schedule {
  cron: string;
  timeZone: string;
}

/** From one moment of a schedule to the next, in ms since 1970. */
interface Span {
  from: number;
  until: number;
}

/** A slot lies no later after the moment of its schedule, so that what is to happen at eight happens about eight. */
const LONGEST_PHASE_MS = 15 * MINUTE;
/** How far back the moment before another is looked for, in ms. */
const LOOK_BACK_MS = [1, 16, 240, 4_000, 60_000, 600_000, 2_200_000].map((minutes) => minutes * MINUTE);
/** Of so many schedules the latest spans are remembered: a moment takes the library more than a millisecond. */
const MOST_SCHEDULES = 1_000;
const REMEMBERED = 4;

const spans = new Map<string, readonly Span[]>();

/**
 * How long after each moment of its schedule a number has its turn, in ms: a digest of its id spreads the numbers of one schedule evenly over
 * the interval, or over 15 min of a longer one.
 */
export const phaseOf = (phoneNumberId: string, intervalMs: number): number =>
  Number.parseInt(sha256(phoneNumberId).slice(0, 12), 16) % Math.max(1, Math.min(intervalMs, LONGEST_PHASE_MS));

/** The last moment of a schedule up to `at`; minus infinity when there was none in four years. */
export const momentBefore = (schedule: Schedule, at: number): number => spanAt(schedule, at).from;

/** The first turn of a number after `after`; infinity when the schedule has none. @param phoneNumberId null for the moments of the schedule themselves */
export function nextSlot(schedule: Schedule, phoneNumberId: string | null, after: number): number {
  const span = spanAt(schedule, after);
  const slot = slotIn(span, phoneNumberId);
  return slot > after || span.until === Number.POSITIVE_INFINITY ? slot : slotIn(spanAt(schedule, span.until), phoneNumberId);
}

/** The last turn of a number up to `at`. */
export function slotBefore(schedule: Schedule, phoneNumberId: string, at: number): number {
  const span = spanAt(schedule, at);
  const slot = slotIn(span, phoneNumberId);
  return slot <= at ? slot : slotIn(spanAt(schedule, span.from - 1), phoneNumberId);
}

function slotIn({ from, until }: Span, phoneNumberId: string | null): number {
  if (from === Number.NEGATIVE_INFINITY) return until;
  return phoneNumberId === null ? from : from + phaseOf(phoneNumberId, until - from);
}

/** The span of the schedule in which `at` lies. */
function spanAt({ cron, timeZone }: Schedule, at: number): Span {
  const key = `${timeZone} ${cron}`;
  const known = spans.get(key) ?? [];
  const found = known.find(({ from, until }) => from <= at && at < until);
  if (found) return found;
  const span = findSpan(momentsOf(cron, timeZone), at, known[0]);
  if (spans.size >= MOST_SCHEDULES) spans.clear();
  spans.set(key, [span, ...known].slice(0, REMEMBERED));
  return span;
}

function findSpan(after: (moment: number) => number, at: number, known: Span | undefined): Span {
  // Mostly the span that follows is asked for.
  const follows = known && at >= known.until ? after(known.until) : 0;
  if (known && at < follows) return { from: known.until, until: follows };
  const until = after(at);
  return { from: until === Number.POSITIVE_INFINITY ? Number.NEGATIVE_INFINITY : before(after, at), until };
}

/** The first moment of the schedule after another. */
function momentsOf(cron: string, timeZone: string): (moment: number) => number {
  const time = new CronTime(cron, timeZone);
  return (moment) => {
    if (moment === Number.POSITIVE_INFINITY) return moment;
    try {
      return time.getNextDateFrom(new Date(moment), timeZone).toMillis();
    } catch {
      // Such as the 30th of February.
      return Number.POSITIVE_INFINITY;
    }
  };
}

/** The library looks ahead only: this goes back in growing steps, and from there ahead. */
function before(after: (moment: number) => number, at: number): number {
  for (const span of LOOK_BACK_MS) {
    let moment = after(at - span - 1);
    if (moment > at) continue;
    for (let next = after(moment); next <= at; next = after(moment)) moment = next;
    return moment;
  }
  return Number.NEGATIVE_INFINITY;
}
