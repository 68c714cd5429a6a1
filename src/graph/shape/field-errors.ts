import { type FieldError, Problem } from '#kernel/problem.js';

/** What is wrong with one member, in both languages. */
export const fieldError = (field: string, en: string, es: string): FieldError => ({ field, message: { en, es } });

/** @throws Problem `invalid_request` naming each fault, unless there is none */
export function refuseFaults(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw new Problem('invalid_request', { errors: [...errors] });
}
