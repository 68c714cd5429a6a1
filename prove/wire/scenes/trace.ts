import { type JsonRecord, number, record, records, text } from '#kernel/read.js';

/** One entry of a call's timeline. */
interface Entry {
  at: number;
  kind: string;
  name: string;
  data: JsonRecord;
}

/** A call from its dial to its end, as the gateway reports it. */
export interface Trace {
  /** The call as it stood last. */
  call: JsonRecord;
  wacid: string | null;
  state: string;
  outcome: string | null;
  timeline: Entry[];
  /** `a=setup:` of the SDP answer; null when no answer was seen. */
  dtlsRole: string | null;
}

export const readTrace = (call: JsonRecord, timeline: JsonRecord, dtlsRole: string | null): Trace => ({
  call,
  wacid: text(call.call_id) ?? null,
  state: text(call.state) ?? '',
  outcome: text(call.outcome) ?? null,
  timeline: records(timeline.data).map((entry) => ({
    at: Date.parse(text(entry.at) ?? ''),
    kind: text(entry.kind) ?? '',
    name: text(entry.name) ?? '',
    data: record(entry.data) ?? {},
  })),
  dtlsRole,
});

/** The first entry of this kind and name. */
export const timelineEntryOf = ({ timeline }: Trace, kind: 'request' | 'answer' | 'webhook', name: string): Entry | undefined =>
  timeline.find((entry) => entry.kind === kind && entry.name === name);

/** Webhooks in the order in which the gateway received them, with the answer of the dial between them. */
export const orderOf = ({ timeline }: Trace): string =>
  timeline
    .flatMap(({ kind, name }) => {
      if (kind === 'webhook') return [name];
      return kind === 'answer' && name === 'connect' ? ['(200 of connect)'] : [];
    })
    .join(' → ');

/** What Meta said at the end: the status and the seconds of talk, null when it gave none. */
export function endOf(trace: Trace): { status: string | null; seconds: number | null; at: number } | undefined {
  const terminate = timelineEntryOf(trace, 'webhook', 'terminate');
  return terminate && { status: text(terminate.data.status) ?? null, seconds: number(terminate.data.duration) ?? null, at: terminate.at };
}

/** A time of the call, in ms. */
export function timeOf({ call }: Trace, name: 'dialed_at' | 'ringing_at' | 'answered_at' | 'ended_at'): number | null {
  const at = Date.parse(text(call[name]) ?? '');
  return Number.isNaN(at) ? null : at;
}

export const dtlsRoleIn = (call: JsonRecord): string | null => /a=setup:(\w+)/.exec(text(record(call.session)?.sdp) ?? '')?.[1] ?? null;
