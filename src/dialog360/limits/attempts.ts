import { setTimeout as wait } from 'node:timers/promises';
import { Backoff } from '#kernel/backoff.js';
import { SECOND } from '#kernel/clock.js';
import type { NoResponse } from '../dialog360.errors.js';
import type { HttpTransport, UpstreamRequest, UpstreamResponse } from '../http-transport.client.js';

/** The part of the remaining time that an attempt gets while another may follow. */
const SHARE_OF_TIME = 0.6;
const BACKOFF = new Backoff({ firstMs: 200, longestMs: 2 * SECOND, spread: [0, 1] });

/** A request, and how often it may be sent. */
interface Attempts {
  ask: Omit<UpstreamRequest, 'signal'>;
  attempts: number;
}

/** Makes the attempts, with a backoff between them, within one timeout in ms. */
export async function sendInTime(
  transport: HttpTransport,
  { ask, attempts }: Attempts,
  limit: number,
): Promise<UpstreamResponse | NoResponse> {
  const began = performance.now();
  let came: UpstreamResponse | NoResponse = { sent: false, reason: 'ETIMEDOUT' };
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const left = Math.max(1, limit - (performance.now() - began));
    const signal = AbortSignal.timeout(Math.ceil(attempt === attempts ? left : left * SHARE_OF_TIME));
    const latest = await transport.send({ ...ask, signal });
    // An attempt that sent nothing does not replace an earlier one that did.
    if (attempt === 1 || !('reason' in latest) || latest.sent) came = latest;
    const delay = BACKOFF.delayMs(attempt, Math.random());
    if (!worthRepeating(latest) || performance.now() - began + delay >= limit) break;
    if (attempt < attempts) await wait(delay);
  }
  return came;
}

const worthRepeating = (came: UpstreamResponse | NoResponse): boolean => 'reason' in came || came.status >= 500;
