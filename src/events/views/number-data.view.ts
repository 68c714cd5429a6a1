/** The data of `number.added`, `number.removed` and `number.key_rejected`. */
export class NumberEventView {
  /** Meta's id of the number. */
  phone_number_id: string;
  /** The number as bare digits; null until 360dialog or a webhook says it. */
  display_phone_number: string | null;
  /** What it is called here. */
  name: string | null;
  /** The owner's own word for it. */
  reference: string | null;
  /** Meta's id of its account (WABA); null while unknown. */
  waba_id: string | null;
  /** Meta's id of the business portfolio; null while unknown. */
  portfolio_id: string | null;
  /** Where its key comes from. */
  source: 'environment' | 'api' | 'partner';
  /** Whether it places and takes calls. */
  state: 'active' | 'paused' | 'removing';
}

/** The data of `number.changed`. */
export class NumberChangedView extends NumberEventView {
  /** What has changed: members of the number, and `api_key` or `webhook_token` for a secret that was replaced. */
  changed: string[];
}
