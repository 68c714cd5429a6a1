import type { Problem, Upstream } from '#kernel/problem.js';

/** Every request to 360dialog; the first five are the `action` of a call. */
export type Operation =
  | 'connect'
  | 'pre_accept'
  | 'accept'
  | 'reject'
  | 'terminate'
  | 'request_permission'
  | 'read_permission'
  | 'read_settings'
  | 'write_settings'
  | 'read_health'
  | 'read_webhook'
  | 'write_webhook'
  | 'read_number';

/** One request and its answer, for the timeline: without SDP, numbers, words to users and keys. */
export interface Exchange {
  operation: Operation;
  /** The HTTP status; null when no answer came. */
  status: number | null;
  durationMs: number;
  /** When it began. */
  at: number;
  /** Their refusal, or an answer that could not be read; null when there was none. */
  upstream: Upstream | null;
  /** What was sent, redacted: an SDP is only its length. */
  request: object;
}

/** The result of a command. After `unknown` it may have taken effect, so a dial must not be repeated. */
export type Sent<T> =
  | { outcome: 'accepted'; value: T; exchange: Exchange }
  | { outcome: 'refused'; problem: Problem; exchange: Exchange }
  | { outcome: 'unknown'; problem: Problem; exchange: Exchange };
