import { list, parseJson, text } from '#kernel/read.js';

/** Which numbers a principal reaches. */
export interface NumberReach {
  /** Ids of numbers; null for all of them, also those that are added later. */
  readonly numbers: readonly string[] | null;
}

/** For what acts for no client, such as a job. */
export const EVERY_NUMBER: NumberReach = { numbers: null };

/** @param phoneNumberId null for what is about no number: a principal that reaches all numbers reaches it */
export const reaches = ({ numbers }: NumberReach, phoneNumberId: string | null): boolean =>
  numbers === null || (phoneNumberId !== null && numbers.includes(phoneNumberId));

/** Whether everything that `inner` reaches is reached by `outer`. */
export const isWithin = (inner: NumberReach, outer: NumberReach): boolean =>
  outer.numbers === null || (inner.numbers !== null && inner.numbers.length > 0 && inner.numbers.every((id) => reaches(outer, id)));

/** What both reach. */
export const common = (one: NumberReach, other: NumberReach): NumberReach =>
  one.numbers === null ? other : { numbers: one.numbers.filter((id) => reaches(other, id)) };

/** What a row has that reaches all numbers on purpose: a second number leaves it so. */
export const ALL_ON_PURPOSE = 'null';

/** The numbers in a stored JSON list; null for all. A list that cannot be read reaches none. */
export const numbersIn = (json: string | null): string[] | null =>
  json === null || json === ALL_ON_PURPOSE ? null : list(parseJson(json)).flatMap((id) => text(id) ?? []);

/** As `numbersIn` reads it. */
export const numbersText = (numbers: readonly string[] | null): string | null => (numbers === null ? null : JSON.stringify(numbers));
