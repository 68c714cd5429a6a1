import { Injectable } from '@nestjs/common';
import type { Reader, Tx } from '#store/store.js';

/** One thing that happened to a call; `data` is free of SDP, keys and numbers. */
export interface TimelineEntry {
  at: number;
  kind: 'request' | 'answer' | 'webhook' | 'state' | 'command';
  /** The operation, the webhook's event or the new state. */
  name: string;
  data: object;
}

@Injectable()
export class TimelineStore {
  async add(tx: Tx, callId: string, entry: TimelineEntry): Promise<void> {
    await tx
      .insertInto('timeline')
      .values({ call_id: callId, at: entry.at, kind: entry.kind, name: entry.name, data: JSON.stringify(entry.data) })
      .execute();
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
