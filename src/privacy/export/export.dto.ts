type Rows = readonly Readonly<Record<string, unknown>>[];

/** Everything that one business number keeps about a person, by table. Times are RFC 3339; what is stored as JSON is JSON. */
export class PersonOfNumberDto {
  /** The business number; null while the gateway knows none. */
  phone_number_id: string | null;
  /** The person: phone number, BSUIDs, user name and name. */
  people: Rows;
  /** Every phone number and BSUID under which the person is or was known. */
  addresses: Rows;
  /** When the person last wrote or called. */
  windows: Rows;
  /** Permission requests, answers, refusals, and calls that decide on the permission. */
  permission_facts: Rows;
  /** The last answer of 360dialog about the permission. */
  permission_readings: Rows;
  /** Calls with the person, with what is known of each. */
  calls: Rows;
  /** What happened to these calls, step by step. */
  timeline: Rows;
  /** What webhooks reported about calls of which the user is not known yet. */
  early_facts: Rows;
  /** Webhooks as received: of each only what is about the person. */
  deliveries: Rows;
  /** Events about the person. */
  events: Rows;
  /** Answers kept for a repeated `Idempotency-Key`. */
  idempotency: Rows;
  /** Digests by which conversations with the person are counted once. */
  conversation_digests: Rows;
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
