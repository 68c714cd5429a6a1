/** A row as it is stored. */
export class StoredRowDto {
  /** The business number that it belongs to, in tables that name one; null or empty where none was known. */
  phone_number_id?: string | null;
  /** A column, which a later release may have more of. */
  [member: string]: unknown;
}

/** Everything that one business number keeps about a person, by table. Times are RFC 3339; what is stored as JSON is JSON. */
export class PersonOfNumberDto {
  /** The business number; null while the gateway knows none. */
  phone_number_id: string | null;
  /** The person: phone number, BSUIDs, user name and name. */
  people: StoredRowDto[];
  /** Every phone number and BSUID under which the person is or was known. */
  addresses: StoredRowDto[];
  /** The words under which the person is searched for. */
  person_words: StoredRowDto[];
  /** When the person last wrote or called. */
  windows: StoredRowDto[];
  /** Permission requests, answers, refusals, and calls that decide on the permission. */
  permission_facts: StoredRowDto[];
  /** The last answer of 360dialog about the permission. */
  permission_readings: StoredRowDto[];
  /** Calls with the person, with what is known of each. */
  calls: StoredRowDto[];
  /** What happened to these calls, step by step. */
  timeline: StoredRowDto[];
  /** What webhooks reported about calls of which the user is not known yet. */
  early_facts: StoredRowDto[];
  /** Webhooks as received: of each only what is about the person. */
  deliveries: StoredRowDto[];
  /** Events about the person. */
  events: StoredRowDto[];
  /** Answers kept for a repeated `Idempotency-Key`. */
  idempotency: StoredRowDto[];
  /** Digests by which conversations with the person are counted once. */
  conversation_digests: StoredRowDto[];
}

/** Everything that the gateway keeps about a person, in the numbers that the key reaches. */
export class PersonExportDto {
  /** The user as the request names them. */
  user: string;
  /** When the export was made. */
  exported_at: string;
  /** One entry for each number that keeps something about the person; none for an unknown one. */
  numbers: PersonOfNumberDto[];
}
