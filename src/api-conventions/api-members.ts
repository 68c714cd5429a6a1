import { type SnakeName, snakeCase } from '#kernel/case.js';
import { rfc3339 } from '#kernel/clock.js';

type TimeName = 'at' | 'until' | `${string}At`;

/** Members as the API shows them. */
export type ApiMembers<T> = {
  [K in keyof T as SnakeName<K & string>]: K extends TimeName ? (null extends T[K] ? string | null : string) : T[K];
};

/** The same members as the API shows them: names in snake_case, and times (`at`, `until`, `…At`) as RFC 3339. */
export function apiMembers<T extends object>(members: T): ApiMembers<T> {
  const shown = Object.entries(members).map(([name, value]) => [name, /^(at|until)$|At$/.test(name) ? rfc3339(value) : value]);
  return snakeCase(Object.fromEntries(shown)) as ApiMembers<T>;
}
