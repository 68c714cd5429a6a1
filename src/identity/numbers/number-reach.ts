/** Which numbers a principal reaches. */
export interface NumberReach {
  /** Ids of numbers; null for all of them, also those that are added later. */
  readonly numbers: readonly string[] | null;
}

/** For what acts for no client, such as a job. */
export const EVERY_NUMBER: NumberReach = { numbers: null };

export const reaches = ({ numbers }: NumberReach, phoneNumberId: string): boolean => numbers === null || numbers.includes(phoneNumberId);
