/** A business number this gateway speaks for. */
export interface OurNumber {
  phoneNumberId: string;
  /** Bare digits; null until a webhook's metadata has told them. */
  displayPhoneNumber: string | null;
  wabaId: string | null;
  /** Since when this gateway keeps the number's deliveries, in ms since 1970. */
  learnedAt: number;
}
