import type { FieldError } from '#kernel/problem.js';
import { record } from '#kernel/read.js';

/** The faults of a value; `field` is its path in the request, such as `calling.call_hours.status`. */
export type Check = (value: unknown, field: string) => FieldError[];

export const wrong = (field: string, en: string, es: string): FieldError[] => [{ field, message: { en, es } }];

/** A value that must satisfy `holds`. */
export const must =
  (holds: (value: unknown) => boolean, en: string, es: string): Check =>
  (value, field) =>
    holds(value) ? [] : wrong(field, en, es);

export const oneOf = (...allowed: readonly string[]): Check =>
  must(
    (value) => typeof value === 'string' && allowed.includes(value),
    `must be one of ${allowed.join(', ')}`,
    `debe ser uno de ${allowed.join(', ')}`,
  );

export const onOff = oneOf('ENABLED', 'DISABLED');

/** An object with these members and no others. */
export const members =
  (known: Readonly<Record<string, Check>>, required: readonly string[] = []): Check =>
  (value, field) => {
    const written = record(value);
    if (!written) return wrong(field, 'must be an object', 'debe ser un objeto');
    const missing = required.filter((name) => written[name] === undefined);
    return [
      ...missing.flatMap((name) => wrong(`${field}.${name}`, 'is required', 'es obligatorio')),
      ...Object.entries(written).flatMap(([name, member]) => {
        if (member === undefined) return [];
        const check = Object.hasOwn(known, name) ? known[name] : undefined;
        return check?.(member, `${field}.${name}`) ?? wrong(`${field}.${name}`, 'is not a setting', 'no es un ajuste conocido');
      }),
    ];
  };

/** A list; `min` and `max` bound its length. */
export const listOf =
  (item: Check, { min = 0, max = 1_000 }: { min?: number; max?: number } = {}): Check =>
  (value, field) => {
    if (!Array.isArray(value)) return wrong(field, 'must be a list', 'debe ser una lista');
    if (value.length < min) return wrong(field, 'must not be empty', 'no debe estar vacía');
    if (value.length > max) return wrong(field, `must have at most ${max} entries`, `debe tener como máximo ${max} entradas`);
    return value.flatMap((one: unknown, index) => item(one, `${field}[${index}]`));
  };

/** The first check that finds something; the later ones may rely on the earlier. */
export const inOrder =
  (...checks: readonly Check[]): Check =>
  (value, field) => {
    for (const check of checks) {
      const errors = check(value, field);
      if (errors.length) return errors;
    }
    return [];
  };
