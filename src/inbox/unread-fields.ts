/** A field of webhooks that the gateway does not read. Times are ms since 1970. */
export interface UnreadField {
  /** As Meta names it, in lower case, at most 64 characters; `other` beyond 50 fields. */
  field: string;
  /** How many elements have arrived on it, duplicates left out. */
  elements: number;
  firstAt: number;
  lastAt: number;
}
