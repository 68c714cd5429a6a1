import type { Language } from '#error-catalogue/catalogue.js';
import { entryOf, filled } from '#error-catalogue/lookup.js';
import { rfc3339 } from '#kernel/clock.js';
import type { FieldError, Problem, Upstream } from '#kernel/problem.js';

/** A problem as RFC 9457 writes it, with the members that the gateway adds. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  remedy: string;
  retryable: boolean;
  retry_at: string | null;
  upstream: Upstream | null;
  errors: { field: string; message: string }[];
  [extra: string]: unknown;
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** The problem document in one language. `type` is the URL of the catalogue's entry below `publicUrl`. */
export function problemDocument(problem: Problem, language: Language, publicUrl: string): ProblemDocument {
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
