export type SnakeName<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeName<Rest>}`
  : Name;
type CamelName<Name extends string> = Name extends `${infer Word}_${infer Rest}` ? `${Word}${Capitalize<CamelName<Rest>>}` : Name;

export type SnakeCase<T> = { [K in keyof T as SnakeName<K & string>]: T[K] };
export type CamelCase<T> = { [K in keyof T as CamelName<K & string>]: T[K] };

/** Names are few and asked for with each row. */
function remembered(nameOf: (name: string) => string): (name: string) => string {
  const names = new Map<string, string>();
  return (name) => {
    const known = names.get(name) ?? nameOf(name);
    names.set(name, known);
    return known;
  };
}
const toSnake = remembered((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
const toCamel = remembered((name) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()));

const renamed = (members: object, nameOf: (name: string) => string): object =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [nameOf(name), value]));

/** The same members under names in snake_case, as tables have them. */
export const snakeCase = <T extends object>(members: T): SnakeCase<T> => renamed(members, toSnake) as SnakeCase<T>;

/** The same members under names in camelCase, such as those of a row. */
export const camelCase = <T extends object>(members: T): CamelCase<T> => renamed(members, toCamel) as CamelCase<T>;

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The members that are not undefined. */
export const defined = <T extends object>(members: T): Defined<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
