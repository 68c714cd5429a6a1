/**
 * The position of an event in the one order of all events: first the writing transaction, then the id. An id alone is not enough
 * on Postgres, where a transaction may commit after others with higher ids: a reader would miss its events.
 */
export interface Cursor {
  /** The writing transaction; 0 on SQLite. */
  xid: number;
  id: number;
}

/** Before every event. */
export const ORIGIN: Cursor = { xid: 0, id: 0 };

/** 2^53 in base 36 has 11 letters. */
const WIDTH = 11;
const SHAPE = new RegExp(`^evt_([0-9a-z]{${WIDTH}})([0-9a-z]{${WIDTH}})$`);

/** The id of an event: opaque for consumers, of one length, and in the order of the events when compared as text. */
export const writeCursor = ({ xid, id }: Cursor): string => `evt_${letters(xid)}${letters(id)}`;

/**
 * The place of a reader in the order of all events, as one with a list of numbers gets it: it resumes a stream as the id of an event does,
 * and is the id of none.
 */
export const writePlace = ({ xid, id }: Cursor): string => `plc_${letters(xid)}${letters(id)}`;

/** `undefined` for anything that `writePlace` does not write. */
export const readPlace = (text: string): Cursor | undefined =>
  text.startsWith('plc_') ? readCursor(text.replace('plc_', 'evt_')) : undefined;

/** `undefined` for anything that `writeCursor` does not write. */
export function readCursor(text: string): Cursor | undefined {
  const [, xid, id] = SHAPE.exec(text) ?? [];
  if (xid === undefined || id === undefined) return undefined;
  const cursor = { xid: Number.parseInt(xid, 36), id: Number.parseInt(id, 36) };
  return Number.isSafeInteger(cursor.xid) && Number.isSafeInteger(cursor.id) ? cursor : undefined;
}

export const isAfter = (a: Cursor, b: Cursor): boolean => a.xid > b.xid || (a.xid === b.xid && a.id > b.id);

const letters = (number: number): string => number.toString(36).padStart(WIDTH, '0');
