import { Injectable } from '@nestjs/common';
import type { Reader } from '#store/store.js';
import type { Direction } from './gate.js';
import type { PickUps } from './pick-up.js';

/** Outcomes of calls that rang: answered, or not. Failed calls and calls that the business cancelled are left out. */
const RANG: Record<Direction, readonly string[]> = {
  outbound: ['answered', 'no_answer', 'rejected'],
  inbound: ['answered', 'missed', 'rejected', 'expired'],
};

@Injectable()
export class RecentCallsStore {
  /** The newest `most` calls since then that rang. */
  async pickUps(reader: Reader, phoneNumberId: string, direction: Direction, since: number, most: number): Promise<PickUps> {
    const rows = await reader
      .selectFrom('calls')
      .select(['outcome', 'ended_at'])
      .where('phone_number_id', '=', phoneNumberId)
      .where('direction', '=', direction)
      .where('created_at', '>=', since)
      .where('live', '=', 0)
      .where('wacid', 'is not', null)
      .where('outcome', 'in', RANG[direction])
      .orderBy('created_at', 'desc')
      .limit(most)
      .execute();
    const answered = rows.filter(({ outcome }) => outcome === 'answered').length;
    return { answered, unanswered: rows.length - answered, lastAt: Math.max(0, ...rows.map(({ ended_at }) => ended_at ?? 0)) || null };
  }

  /** When 360dialog last took on a call of ours. */
  async lastAccepted(reader: Reader, phoneNumberId: string): Promise<number | null> {
    const row = await reader
      .selectFrom('calls')
      .select('created_at')
      .where('phone_number_id', '=', phoneNumberId)
      .where('direction', '=', 'outbound')
      .where('wacid', 'is not', null)
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.created_at ?? null;
  }
}
