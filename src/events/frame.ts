import { type Cursor, ORIGIN, writeCursor, writePlace } from './cursor.js';
import type { PublicEvent } from './event.js';

/** Where a reader stands. One with a list of numbers does not get the ids of other events. */
export interface Place {
  cursor: Cursor;
  isLimited: boolean;
}

/**
 * Frames of an event stream. Events have no `event:` field, so that `onmessage` of a browser's EventSource gets them all; only
 * the two frames about the stream itself have one.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export const eventFrame = (event: PublicEvent): string => `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;

/** How long a reader waits before it connects again: 2 to 5 s with jitter, so that not all come at once after a restart. */
export const retryLine = (random: number): string => `retry: ${2_000 + Math.floor(random * 3_000)}\n`;

/** A block without data: it carries no event, and moves the cursor from which the reader resumes. */
export const openingFrame = (random: number, place: Place): string => `${retryLine(random)}${idLine(place)}\n`;

/** Keeps proxies from closing a silent stream, and moves the cursor of a reader with a filter. */
export const heartbeatFrame = (place: Place): string => `:\n${idLine(place)}\n`;

/** The events that a reader missed are not kept any more, or its id is unknown: it must read the state again and continue from here. */
export const resetFrame = (place: Place): string =>
  `event: reset\n${idLine(place)}data: {"reason":"last_event_id_unknown","remedy":"Read the state again over REST; the stream goes on from now."}\n\n`;

/** The gateway is about to stop; another replica, or the next start, resumes the stream. */
export const drainingFrame = (random: number): string => `event: draining\n${retryLine(random)}data: {"reason":"shutdown"}\n\n`;

/** Before the first event there is no cursor: an empty id clears the last event id of the reader. */
const idLine = ({ cursor, isLimited }: Place): string =>
  cursor.id === ORIGIN.id ? 'id:\n' : `id: ${(isLimited ? writePlace : writeCursor)(cursor)}\n`;
