import { rfc3339 } from './clock.js';

type SnakeName<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeName<Rest>}`
  : Name;
type CamelName<Name extends string> = Name extends `${infer Word}_${infer Rest}` ? `${Word}${Capitalize<CamelName<Rest>>}` : Name;
type TimeName = 'at' | 'until' | `${string}At`;

export type SnakeCase<T> = { [K in keyof T as SnakeName<K & string>]: T[K] };
export type CamelCase<T> = { [K in keyof T as CamelName<K & string>]: T[K] };
/** Members as the API shows them. */
export type ApiMembers<T> = {
  [K in keyof T as SnakeName<K & string>]: K extends TimeName ? (null extends T[K] ? string | null : string) : T[K];
};

const toSnake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const toCamel = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

const renamed = (members: object, nameOf: (name: string) => string): object =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [nameOf(name), value]));

/** The same members under names in snake_case, as tables have them. */
export const snakeCase = <T extends object>(members: T): SnakeCase<T> => renamed(members, toSnake) as SnakeCase<T>;

/** The same members under names in camelCase, such as those of a row. */
export const camelCase = <T extends object>(members: T): CamelCase<T> => renamed(members, toCamel) as CamelCase<T>;

/** The same members as the API shows them: names in snake_case, and times (`at`, `until`, `…At`) as RFC 3339. */
export function apiMembers<T extends object>(members: T): ApiMembers<T> {
  const shown = Object.entries(members).map(([name, value]) => [name, /^(at|until)$|At$/.test(name) ? rfc3339(value) : value]);
  return renamed(Object.fromEntries(shown), toSnake) as ApiMembers<T>;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The members that are not undefined. */
export const defined = <T extends object>(members: T): Defined<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
