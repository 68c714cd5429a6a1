/** Where reports are sent, and since when. */
export interface ReportDeliveryColumns {
  channel: 'mail' | 'webhook';
  /** A mail address, or a URL. */
  address: string;
  /** The digest of the address under which `report_addresses` has it; null for a URL. */
  address_digest: string | null;
  every: 'day' | 'week' | 'month';
  language: 'en' | 'es';
  time_zone: string;
  phone_number_id: string | null;
  /** JSON list of the numbers of the keys that it belonged to before; null for all. Its present key may reach fewer. */
  numbers: string | null;
  created_by: string;
  key_id: string;
  created_at: number;
  /** Null while its reader has not confirmed the address. */
  confirmed_at: number | null;
  stopped_at: number | null;
  stopped_reason: 'unsubscribed' | 'key_deleted' | 'key_suspended' | 'scope_missing' | 'number_not_reached' | 'gone' | null;
  /** The end of the period that is sent next. */
  next_at: number;
  /** Signs posts, and makes the link that ends a mail: `whsec_…` in plain text, or empty when `sealed_secret` has it. */
  secret: string;
  sealed_secret: string | null;
}

/** One period that a delivery sends, or the request to confirm an address: the key makes each one unique over all replicas. */
export interface ReportSendColumns {
  /** The first day of the period, `YYYY-MM-DD`, or `confirm`. */
  period: string;
  /** Its first moment, and that of the next one; 0 for `confirm`. */
  from_at: number;
  until_at: number;
  state: 'due' | 'sent' | 'failed' | 'dropped';
  /** Failed attempts. */
  attempts: number;
  first_attempt_at: number | null;
  next_attempt_at: number;
  /** The attempt that has its turn, and the end of that. */
  holder: string | null;
  held_until: number | null;
  finished_at: number | null;
  /** Why the latest attempt failed, and the status of the server; null when none has failed. */
  fault: string | null;
  status: number | null;
}

/** What is known of a mail address, by its digest. */
export interface ReportAddressColumns {
  /** When it was last asked whether it wants reports; null when it never was. */
  asked_at: number | null;
  /** The SHA-256 of the token in the link of that message. */
  token_digest: string | null;
  confirmed_at: number | null;
  unsubscribed_at: number | null;
  changed_at: number;
}
