/** Elements per transaction. A transaction of this size takes some 20 ms, during which this process does nothing else on SQLite. */
export const PART_SIZE = 50;

/** A body beyond this many bytes may hold more than one part; reading it takes a turn of its own. */
export const SMALL_BYTES = 64 * 1024;
