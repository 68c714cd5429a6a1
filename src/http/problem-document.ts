import type { Language } from '#error-catalogue/catalogue.js';
import { entryOf, filled } from '#error-catalogue/lookup.js';
import { rfc3339 } from '#kernel/clock.js';
import type { FieldError, Problem } from '#kernel/problem.js';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The problem document (RFC 9457) in one language, with the members that the gateway adds. `type` is the URL of the catalogue's entry below `publicUrl`. */
export function problemDocument(problem: Problem, language: Language, publicUrl: string) {
  const entry = entryOf(problem.code);
  return {
    ...problem.extra,
    type: `${publicUrl}/api/calling/errors/${entry.code}`,
    ...filled(entry[language], problem.params),
    status: entry.status,
    code: entry.code,
    retryable: entry.retryable || problem.retryAt !== null,
    retry_at: rfc3339(problem.retryAt),
    upstream: problem.upstream,
    errors: problem.errors.map((error) => inLanguage(error, language)),
  };
}

const inLanguage = ({ field, message }: FieldError, language: Language): { field: string; message: string } => ({
  field,
  message: typeof message === 'string' ? message : message[language],
});
