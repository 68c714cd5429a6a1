import { Problem } from '#kernel/problem.js';

/** The refusal of a request for one field, with what is wrong with it in English and Spanish. */
export const invalidField = (field: string, en: string, es: string): Problem =>
  new Problem('invalid_request', { errors: [{ field, message: { en, es } }] });
