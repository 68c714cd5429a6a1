import { bool, type JsonRecord, number, record, text } from '#kernel/read.js';

/** What a test call looks at of a call, as the gateway shows it. */
export interface CallView {
  id: string;
  state: string;
  outcome: string | null;
  outcomeKnown: boolean;
  durationSeconds: number | null;
  /** A word of the error catalogue. */
  errorCode: string | null;
  errorUpstream: unknown;
  timeline: string | null;
}

export function readCallView(body: JsonRecord): CallView {
  const error = record(body.error);
  return {
    id: text(body.id) ?? '',
    state: text(body.state) ?? '',
    outcome: text(body.outcome) ?? null,
    outcomeKnown: bool(body.outcome_known) ?? true,
    durationSeconds: number(body.duration_seconds) ?? null,
    errorCode: text(error?.code) ?? null,
    errorUpstream: error?.upstream ?? null,
    timeline: text(record(body.links)?.timeline) ?? null,
  };
}
