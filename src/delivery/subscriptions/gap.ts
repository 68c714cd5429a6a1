import type { NewEvent } from '#events/event.js';
import { DAY, rfc3339 } from '#kernel/clock.js';
import type { Json } from '#kernel/read.js';

/** Events that a subscription wanted and that were deleted before it got them. */
export interface Loss {
  events: number;
  /** When the first and the last of them happened, in ms since 1970. */
  from: number;
  until: number;
}

export interface Gap extends Loss {
  /** Null until it is told; what is lost later is a gap of its own. */
  toldAt: number | null;
}

/** A gap that nobody was told of yet grows. */
export const widened = (gap: Gap | null, lost: Loss): Loss =>
  gap === null || gap.toldAt !== null
    ? lost
    : { events: gap.events + lost.events, from: Math.min(gap.from, lost.from), until: Math.max(gap.until, lost.until) };

/** A call waits for a permission for 7 days and to be dialled for one: so long after it began something of it may be told. */
const LONGEST_CALL_MS = 9 * DAY;

/** Where every call of which an event is lost can still be read. */
export const readInstead = ({ from, until }: Loss): string =>
  `/api/calling/calls?${new URLSearchParams({ since: rfc3339(from - LONGEST_CALL_MS), until: rfc3339(until + 1) })}`;

/** Of a subscription, what tells which one it is. */
interface Whose {
  id: string;
  description: string | null;
  phoneNumberId: string | null;
  revision: number;
}

/** What is told of a gap. */
export const gapEvent = (subscription: Whose, gap: Loss, now: number): NewEvent => ({
  type: 'subscription.gap',
  subject: subscription.id,
  sequence: subscription.revision + 1,
  phoneNumberId: subscription.phoneNumberId,
  occurredAt: now,
  expiresAt: null,
  data: {
    id: subscription.id,
    description: subscription.description,
    events: gap.events,
    from: rfc3339(gap.from),
    until: rfc3339(gap.until),
    calls: readInstead(gap),
  } satisfies Json,
});
