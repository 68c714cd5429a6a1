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

  note(tx: Tx, callId: string, ...entries: TimelineEntry[]): Promise<void> {
    return this.timeline.add(tx, callId, ...entries);
  }

  /** A request to 360dialog and what it answered, as two entries. */
  async noteExchange(tx: Tx, callId: string, exchange: Exchange): Promise<void> {
    const { operation, at, durationMs, status, upstream, request } = exchange;
    const asked = { at, kind: 'request', name: operation, data: request } as const;
    const answered = { at: at + durationMs, kind: 'answer', name: operation, data: { status, duration_ms: durationMs, upstream } } as const;
    await this.timeline.add(tx, callId, asked, answered);
  }

  of(callId: string, reader: Reader = this.store.read): Promise<TimelineEntry[]> {
    return this.timeline.of(reader, callId);
  }

  /** One call has turned out to be another's stray half. */
  move(tx: Tx, from: string, into: string): Promise<void> {
    return this.timeline.move(tx, from, into);
  }
}
