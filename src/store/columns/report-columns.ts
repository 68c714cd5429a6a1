/** A row of `snapshots`. */
export interface SnapshotColumns {
  id: string;
  phone_number_id: string;
  /** At most one per number is running. */
  state: 'running' | 'done' | 'failed';
  cause: 'start' | 'schedule' | 'request';
  started_at: number;
  finished_at: number | null;
  data: string | null;
}

/** A row of `report_periods`. */
export interface ReportPeriodColumns {
  phone_number_id: string;
  /** A local midnight in the number's time zone, and the next one. */
  from_at: number;
  until_at: number;
  produced_at: number;
}

/** A row of `reports`. */
export interface ReportColumns {
  id: string;
  phone_number_id: string;
  from_at: number;
  until_at: number;
  revision: number;
  created_at: number;
  /** The digest of the period's numbers: another digest makes another revision. */
  digest: string;
  data: string;
  metrics: string | null;
}
