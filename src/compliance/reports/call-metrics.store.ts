import { Injectable } from '@nestjs/common';
import type { Reader } from '#store/store.js';
import type { CallMark } from './report.js';

@Injectable()
export class CallMetricsStore {
  /** The calls that began in a span and have ended. */
  async ended(reader: Reader, phoneNumberId: string, from: number, until: number): Promise<CallMark[]> {
    const rows = await reader
      .selectFrom('calls')
      .select(['created_at', 'direction', 'outcome'])
      .where('phone_number_id', '=', phoneNumberId)
      .where('created_at', '>=', from)
      .where('created_at', '<', until)
      .where('live', '=', 0)
      .orderBy('created_at')
      .execute();
    return rows.map(({ created_at, direction, outcome }) => ({ at: created_at, direction, outcome }));
  }
}
