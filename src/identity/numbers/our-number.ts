/** A business number of this gateway. */
export interface OurNumber {
  /** Meta's id of the number. */
  phoneNumberId: string;
  /** Bare digits; null until the metadata of a webhook holds them. */
  displayPhoneNumber: string | null;
  /** Meta's id of the account; null while it is unknown. */
  wabaId: string | null;
  /** Since when this gateway keeps the number's deliveries, in ms since 1970. */
  learnedAt: number;
  /** Where its key comes from; missing for `environment`. */
  source?: 'environment' | 'api' | 'partner';
  /** Missing for `active`. */
  state?: 'active' | 'paused' | 'removing';
}
