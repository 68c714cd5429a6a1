import { codeInWords } from '#error-catalogue/error-body.js';
import type { Upstream } from '#kernel/problem.js';
import { errorNumber, type JsonRecord, list, parseJson, record, records, storable, text } from '#kernel/read.js';

/** More than this of a body that is no error of a known shape says nothing more. */
const MAX_TEXT = 4_096;

type Said = Omit<Upstream, 'status'>;

/**
 * What a refusal said, in whichever of these shapes it came: Meta's `error` object, 360dialog's `error` string, the `meta`
 * object of its older endpoints, `errors[]` or a bare `message`, `detail` or `title`. Anything else (HTML, text) is kept as the message.
 * @see https://docs.360dialog.com/docs/support/api-error-message-list
 */
export function readUpstream(status: number, source: string): Upstream {
  const body = record(parseJson(source));
  const raw = storable(source.trim().slice(0, MAX_TEXT)) || null;
  return { status, ...((body && saidIn(body)) ?? { code: null, message: raw, details: null, fbtrace_id: null }) };
}

function saidIn(body: JsonRecord): Said | undefined {
  const [first, ...others] = records(body.errors);
  if (first)
    return said(
      first,
      others.map((error) => joined(error.title, error.message, error.details)),
    );
  const error = record(body.error);
  if (error) return said(error);
  if (text(body.error) !== undefined) return said({ message: body.error, details: text(body.message), code: body.code });
  const meta = record(body.meta);
  const spoken = joined(meta?.developer_message, meta?.developerMessage);
  if (meta && (spoken !== null || meta.details !== undefined)) return said({ message: spoken, details: joined(...spread(meta.details)) });
  if (text(body.message) !== undefined) return said(body);
  const spokenOf = text(body.detail) ?? text(body.title);
  return spokenOf === undefined ? undefined : said({ ...body, message: spokenOf });
}

function said(error: JsonRecord, others: readonly (string | null)[] = []): Said {
  const data = record(error.error_data);
  const message = text(error.message) ?? text(error.title) ?? null;
  return {
    code: errorNumber(error.code) ?? codeInWords(message ?? ''),
    message,
    details: joined(
      data?.details,
      text(error.error_data),
      ...spread(error.details),
      error.error_user_title,
      error.error_user_msg,
      ...others,
    ),
    fbtrace_id: text(error.fbtrace_id) ?? null,
  };
}

const spread = (value: unknown): unknown[] => (Array.isArray(value) ? list(value) : [value]);

/** Each different text once; null when there is none. */
const joined = (...parts: unknown[]): string | null =>
  [...new Set(parts.map((part) => text(part) ?? (record(part) ? JSON.stringify(part) : undefined)))]
    .filter((part) => part !== undefined)
    .join('; ') || null;

/** Reads a 2xx; undefined when the answer lacks what it should have. */
export type AnswerReader<T> = (answer: JsonRecord) => T | undefined;

/** What an answer says; undefined for a refusal, and for one that cannot be read. */
export function valueIn<T>({ status, text: source }: { status: number; text: string }, read: AnswerReader<T>): T | undefined {
  const body = status >= 200 && status < 300 ? record(parseJson(source)) : undefined;
  const refused = body === undefined || body.error !== undefined || record(body.meta)?.success === false;
  return refused ? undefined : read(body);
}

/** Reads `success: true`. */
export const readSuccess: AnswerReader<null> = (answer) => (answer.success === true ? null : undefined);
