/** What a row of `readings` and of `shared_readings` holds: the newest value of a name and source. */
export interface ReadingColumns {
  name: string;
  source: string;
  observed_at: number;
  /** JSON. */
  data: string;
}
