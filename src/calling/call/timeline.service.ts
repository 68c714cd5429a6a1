import { Injectable } from '@nestjs/common';
import type { Exchange } from '#dialog360/exchange.js';
import { type Reader, Store, type Tx } from '#store/store.js';
import { type TimelineEntry, TimelineStore } from './timeline.store.js';

export type { TimelineEntry } from './timeline.store.js';

/** Everything that happened to a call: each request and its answer, each webhook, each change of state. */
@Injectable()
export class TimelineService {
  constructor(
    private readonly timeline: TimelineStore,
    private readonly store: Store,
  ) {}

  /** Adds entries in the given order, in the transaction of the change. Their `data` must be free of SDP, keys and numbers. */
  note(tx: Tx, callId: string, ...entries: TimelineEntry[]): Promise<void> {
    return this.timeline.add(tx, callId, ...entries);
  }

  /** All entries of a call in the order in which the gateway stored them; empty for an unknown call. */
  of(callId: string, reader: Reader = this.store.read): Promise<TimelineEntry[]> {
    return this.timeline.of(reader, callId);
  }

  /** One call has turned out to be another's stray half. */
  move(tx: Tx, from: string, into: string): Promise<void> {
    return this.timeline.move(tx, from, into);
  }
}

/** A request to 360dialog and what it answered, as two entries. */
export function entriesOf({ operation, at, durationMs, status, upstream, request }: Exchange): TimelineEntry[] {
  const answer = { status, duration_ms: durationMs, upstream };
  return [
    { at, kind: 'request', name: operation, data: request },
    { at: at + durationMs, kind: 'answer', name: operation, data: answer },
  ];
}
