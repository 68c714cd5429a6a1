import type { Upstream } from '#kernel/problem.js';
import { type JsonRecord, list, number, record, records, text } from '#kernel/read.js';

/** The parts of an error body. As `Upstream`, but the HTTP status is `null` when it is unknown. */
export type ErrorParts = Omit<Upstream, 'status'> & { status: number | null };

/**
 * Reads an error body in any of the shapes that 360dialog answers with: `{error: "words"}`, `{meta: {developer_message}}`,
 * Meta's `{error: {code, message, …}}`, `{errors: [{code, title, details}]}`, a bare `{message}`, and the `{title, status, detail}`
 * of RFC 9457 that frameworks answer; also a problem of this gateway. `null` when it is none of them.
 * @param status the HTTP status it came with, if known; `meta.http_code` stands in for it.
 * @see https://docs.360dialog.com/docs/support/api-error-message-list
 */
export function readErrorBody(body: unknown, status: number | null = null): ErrorParts | null {
  const root = record(body);
  if (!root) return null;
  return ofProblem(root) ?? ofMeta(root, status) ?? ofErrors(root, status) ?? ofDeveloperMessage(root, status) ?? ofWords(root, status);
}

const ofProblem = ({ upstream }: JsonRecord): ErrorParts | null => {
  const error = record(upstream);
  if (!error || !('fbtrace_id' in error || 'code' in error)) return null;
  return parts(number(error.status), error.code, error.message, error.details, error.fbtrace_id);
};

const ofMeta = ({ error: member }: JsonRecord, status: number | null): ErrorParts | null => {
  const error = record(member);
  if (!error) return null;
  const details = record(error.error_data)?.details ?? error.details ?? error.error_user_msg;
  return parts(status, error.code, error.message ?? error.title ?? error.error_user_title, details, error.fbtrace_id);
};

const ofErrors = ({ errors }: JsonRecord, status: number | null): ErrorParts | null => {
  const error = records(errors).find(
    (item) => !('field' in item) && (number(item.code) !== undefined || text(item.title) || text(item.message)),
  );
  if (!error) return null;
  return parts(status, error.code, error.message ?? error.title, record(error.error_data)?.details ?? error.details, error.fbtrace_id);
};

const ofDeveloperMessage = ({ meta }: JsonRecord, status: number | null): ErrorParts | null => {
  const error = record(meta);
  const message = text(error?.developer_message) ?? text(error?.developerMessage);
  if (!error || !message) return null;
  return parts(status ?? number(error.http_code) ?? number(error.httpCode), null, message, error.details, null);
};

const ofWords = (root: JsonRecord, status: number | null): ErrorParts | null => {
  const bare = number(root.code) !== undefined && (text(root.message) ?? text(root.title));
  if (bare) return parts(status, root.code, bare, root.details, root.fbtrace_id);
  const message = text(root.error) ?? text(root.message) ?? text(root.detail) ?? text(root.title);
  return message ? parts(status ?? number(root.status), null, message, root.details, null) : null;
};

/** A code that is missing is looked for in the words, since Meta writes `(#138006) …` there. */
const parts = (status: number | null | undefined, code: unknown, message: unknown, details: unknown, trace: unknown): ErrorParts => {
  const words = text(message) ?? null;
  return {
    status: status ?? null,
    code: number(code) ?? codeInWords(words ?? ''),
    message: words,
    details: text(details) ?? (list(details).map(text).filter(Boolean).join('; ') || null),
    fbtrace_id: text(trace) ?? null,
  };
};

/** The number of a `(#138006)` within words. */
export const codeInWords = (words: string): number | null => number(/\(#(\d{1,6})\)/.exec(words)?.[1]) ?? null;
