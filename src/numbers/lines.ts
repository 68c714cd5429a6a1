import type { Dialog360Client } from '#dialog360/dialog360.client.js';

/** The way to 360dialog: one line for each of our numbers. */
export abstract class Lines {
  /** The line of a number. One of a number that is not ours, or of which the key is not known, refuses everything and sends nothing. */
  abstract of(phoneNumberId: string): Dialog360Client;
  /** Whether the key of a number is proven to be its own. */
  abstract isProven(number: { readonly phoneNumberId: string }): Promise<boolean>;
}
