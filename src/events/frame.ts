import { type Cursor, ORIGIN, writeCursor } from './cursor.js';
import type { PublicEvent } from './event.js';

/**
 * Frames of an event stream. Events carry no `event:` field, so that `onmessage` of a browser's EventSource hears them
 * all; only the two words about the stream itself have one.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export const eventFrame = (event: PublicEvent): string => `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;

/** How long to wait before connecting again, 2 to 5 s: spread, so that a restart is not answered by everybody at once. */
export const retryLine = (random: number): string => `retry: ${2_000 + Math.floor(random * 3_000)}\n`;

/** A block without data tells nobody anything, but moves the place from which a reader resumes. */
export const openingFrame = (random: number, position: Cursor): string => `${retryLine(random)}${idLine(position)}\n`;

/** Keeps proxies from closing a silent stream, and lets a reader who filters resume from here. */
export const heartbeatFrame = (position: Cursor): string => `:\n${idLine(position)}\n`;

/** What a reader missed is no longer kept, or never was: it must read the state again and go on from here. */
export const resetFrame = (position: Cursor): string =>
  `event: reset\n${idLine(position)}data: {"reason":"last_event_id_unknown","remedy":"Read the state again over REST; the stream goes on from now."}\n\n`;

/** The gateway is about to stop; another replica, or the next start, resumes the stream. */
export const drainingFrame = (random: number): string => `event: draining\n${retryLine(random)}data: {"reason":"shutdown"}\n\n`;

/** Before the first event there is no place to resume from: an empty id makes a reader forget the one it has. */
const idLine = (position: Cursor): string => (position.id === ORIGIN.id ? 'id:\n' : `id: ${writeCursor(position)}\n`);
