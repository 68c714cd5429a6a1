import type { ReportDelivery } from './report-delivery.js';

/** A period, or a request to confirm, as its row has it. Times are in ms since 1970. */
export interface SendFacts {
  period: string;
  state: 'due' | 'sent' | 'failed' | 'dropped';
  attempts: number;
  next_attempt_at: number;
  finished_at: number | null;
  until_at: number;
  fault: string | null;
  status: number | null;
}

/** How a delivery is doing. */
export interface DeliveryStatus {
  state: 'unconfirmed' | 'active' | 'failing' | 'stopped';
  lastSent: { period: string; at: number } | null;
  /** What failed and was not sent since; null when nothing did. */
  failure: { period: string; fault: string; status: number | null; attempts: number; nextAttemptAt: number | null } | null;
}

/**
 * @param sends what it sent and is to send, the latest period first
 * @param isHeld whether its key may still have it
 */
export function statusOf(
  delivery: Pick<ReportDelivery, 'confirmedAt' | 'stoppedAt'>,
  sends: readonly SendFacts[],
  isHeld = true,
): DeliveryStatus {
  const sent = sends.find(({ state, until_at }) => state === 'sent' && until_at > 0);
  // What waits for its first attempt says nothing yet.
  const latest = sends.find(({ state, fault }) => state === 'sent' || state === 'failed' || (state === 'due' && fault !== null));
  const failure = latest && latest.state !== 'sent' ? latest : undefined;
  return {
    state: stateOf(delivery, isHeld, failure !== undefined),
    lastSent: sent ? { period: sent.period, at: sent.finished_at ?? 0 } : null,
    failure: failure
      ? {
          period: failure.period,
          fault: failure.fault ?? '',
          status: failure.status,
          attempts: failure.attempts,
          nextAttemptAt: failure.state === 'due' ? failure.next_attempt_at : null,
        }
      : null,
  };
}

function stateOf(
  { confirmedAt, stoppedAt }: Pick<ReportDelivery, 'confirmedAt' | 'stoppedAt'>,
  isHeld: boolean,
  isFailing: boolean,
): DeliveryStatus['state'] {
  if (stoppedAt !== null || !isHeld) return 'stopped';
  if (confirmedAt === null) return isFailing ? 'failing' : 'unconfirmed';
  return isFailing ? 'failing' : 'active';
}
