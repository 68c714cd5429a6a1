import { Injectable } from '@nestjs/common';
import type { Exchange } from '#dialog360/exchange.js';
import { AppendedRows } from '#store/batch/appended-rows.js';
import { batchOf } from '#store/batch/batch.js';
import { type ColumnTypes, insertAll } from '#store/batch/batch-statement.js';
import { PreparedRows, pick } from '#store/prepared.js';
import type { Reader, Tx } from '#store/store.js';

/** One thing that happened to a call; `data` is free of SDP, keys and numbers. */
export interface TimelineEntry {
  at: number;
  kind: 'request' | 'answer' | 'webhook' | 'state' | 'command';
  /** The operation, the webhook's event or the new state. */
  name: string;
  data: object;
}

/** A request to 360dialog and what it answered, as two entries. */
export function entriesOf({ operation, at, durationMs, status, upstream, request }: Exchange): TimelineEntry[] {
  const answer = { status, duration_ms: durationMs, upstream };
  return [
    { at, kind: 'request', name: operation, data: request },
    { at: at + durationMs, kind: 'answer', name: operation, data: answer },
  ];
}

const COLUMNS = ['call_id', 'at', 'kind', 'name', 'data'] as const;

type Row = Omit<TimelineEntry, 'data'> & { call_id: string; data: string };

const TYPES: ColumnTypes<Row> = { call_id: 'text', at: 'bigint', kind: 'text', name: 'text', data: 'text' };

const ADD = insertAll('timeline', TYPES);

/** Everything that happened to a call: each request and its answer, each webhook, each change of state. */
@Injectable()
export class TimelineStore {
  readonly #add = new PreparedRows((db: Tx, rows: Row[]) => db.insertInto('timeline').values(rows.map((row) => pick(row, COLUMNS))));

  /** One entry or several, in this order. */
  async add(tx: Tx, callId: string, ...entries: TimelineEntry[]): Promise<void> {
    const rows = entries.map(({ at, kind, name, data }) => ({ call_id: callId, at, kind, name, data: JSON.stringify(data) }));
    const held = batchOf(tx)?.held(this, () => new AppendedRows(ADD));
    if (held) held.add(...rows);
    else await this.#add.run(tx, rows);
  }

  /** In the order in which the gateway came to know. */
  async of(reader: Reader, callId: string): Promise<TimelineEntry[]> {
    const rows = await reader
      .selectFrom('timeline')
      .select(['at', 'kind', 'name', 'data'])
      .where('call_id', '=', callId)
      .orderBy('id')
      .execute();
    return rows.map(({ at, kind, name, data }) => ({ at, kind, name, data: JSON.parse(data) as object }));
  }

  async move(tx: Tx, from: string, into: string): Promise<void> {
    await tx.updateTable('timeline').set({ call_id: into }).where('call_id', '=', from).execute();
  }
}
