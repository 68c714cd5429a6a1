import { bool, type JsonRecord, number, record, text } from '#kernel/read.js';

/** What a test call looks at of a call, as the gateway shows it. */
export type CallView = ReturnType<typeof readCallView>;

export function readCallView(body: JsonRecord) {
  const error = record(body.error);
  return {
    id: text(body.id) ?? '',
    state: text(body.state) ?? '',
    outcome: text(body.outcome) ?? null,
    outcomeKnown: bool(body.outcome_known) ?? true,
    durationSeconds: number(body.duration_seconds) ?? null,
    /** A word of the error catalogue. */
    errorCode: text(error?.code) ?? null,
    errorUpstream: error?.upstream ?? null,
    timeline: text(record(body.links)?.timeline) ?? null,
  };
}
