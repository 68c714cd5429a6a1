import { Injectable } from '@nestjs/common';
import type { Reader } from '#store/store.js';
import type { CallFigures } from './report.js';

/** One call, as far as figures need it. */
export interface CallMark {
  at: number;
  direction: 'inbound' | 'outbound';
  outcome: string | null;
}

@Injectable()
export class CallFiguresStore {
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

const UNANSWERED = new Set(['rejected', 'no_answer']);
const MISSED = new Set(['missed', 'rejected', 'expired']);

/** Adds calls up. Calls that never rang are in the totals alone. */
export function figuresOf(calls: readonly CallMark[]): CallFigures {
  const outbound = calls.filter(({ direction }) => direction === 'outbound');
  const inbound = calls.filter(({ direction }) => direction === 'inbound');
  const count = (marks: readonly CallMark[], is: (outcome: string) => boolean) => marks.filter(({ outcome }) => is(outcome ?? '')).length;
  return {
    outbound: {
      total: outbound.length,
      answered: count(outbound, (outcome) => outcome === 'answered'),
      unanswered: count(outbound, (outcome) => UNANSWERED.has(outcome)),
    },
    inbound: {
      total: inbound.length,
      answered: count(inbound, (outcome) => outcome === 'answered'),
      missed: count(inbound, (outcome) => MISSED.has(outcome)),
    },
  };
}
