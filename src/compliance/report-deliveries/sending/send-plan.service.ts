import { Injectable } from '@nestjs/common';
import { ConsentService } from '#compliance/report-deliveries/consent/consent.service.js';
import { endedAt, periodAt } from '#compliance/report-deliveries/delivery-period.js';
import { ReportDeliveriesStore } from '#compliance/report-deliveries/report-deliveries.store.js';
import { Backoff, JITTER } from '#kernel/backoff.js';
import { Clock, DAY, HOUR, MINUTE } from '#kernel/clock.js';
import { Store, type Tx } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import { Metrics } from '#telemetry/metrics.js';
import { CONFIRM, type ReportSend, ReportSendsStore } from './report-sends.store.js';
import type { SendResult } from './send-faults.js';
import type { SendOutcome } from './sender.service.js';

/** Periods that one transaction claims. */
const BATCH_SIZE = 100;
/** Attempts of one process at a time. */
const AT_ONCE = 4;
/** Longer than an attempt may take; then another replica makes it again, under the same id. */
const TURN_MS = 3 * MINUTE;
/** After how long a report that is not there yet is looked for again. */
const LOOK_AGAIN_MS = 5 * MINUTE;
const GIVE_UP_AFTER_MS = DAY;
const BACKOFF = new Backoff({ firstMs: MINUTE, longestMs: HOUR, spread: JITTER });

/** Decides what is sent when, over all replicas: each period is one row, and each attempt has a turn. */
@Injectable()
export class SendPlanService {
  constructor(
    private readonly deliveries: ReportDeliveriesStore,
    private readonly sends: ReportSendsStore,
    private readonly consent: ConsentService,
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** Claims the latest period that is over for each delivery that waits for one. What ended while no gateway ran, but for the latest, is left out. */
  async claimPeriods(now: number): Promise<void> {
    for (let found = BATCH_SIZE; found === BATCH_SIZE; ) {
      if ((await this.deliveries.due(this.store.read, now, 1)).length === 0) return;
      found = await this.store.write(async (tx) => {
        const due = await this.deliveries.due(tx, now, BATCH_SIZE);
        for (const { id, every, timeZone } of due) {
          await this.sends.claim(tx, id, endedAt(every, timeZone, now), now);
          await this.deliveries.change(tx, id, { nextAt: periodAt(every, timeZone, now).until });
        }
        return due.length;
      });
    }
  }

  /** Takes turns of what is due. */
  async take(holder: string, now: number): Promise<ReportSend[]> {
    const due = await this.sends.due(this.store.read, now, AT_ONCE * 2);
    const taken: ReportSend[] = [];
    for (const send of due) {
      if (taken.length === AT_ONCE) break;
      if (await this.store.write((tx) => this.sends.take(tx, send, holder, now, now + TURN_MS)))
        taken.push({ ...send, first_attempt_at: send.first_attempt_at ?? now });
    }
    return taken;
  }

  /** Writes what an attempt came to. */
  async finish(send: ReportSend, holder: string, result: SendOutcome): Promise<void> {
    const now = this.clock.now();
    await this.store.write(async (tx) => {
      if (result.kind === 'stop') {
        await this.deliveries.stop(tx, send.delivery_id, result.reason, now);
        await this.sends.drop(tx, send.delivery_id, now);
        return;
      }
      const change = changeOf(send, result, now, Math.random());
      const isOurs = await this.sends.finish(tx, send, holder, change);
      if (isOurs && change.state === 'failed' && send.period === CONFIRM) await this.#mayAskAgain(tx, send.delivery_id);
    });
    await this.#note(send, result);
  }

  /** The address got no message: when the delivery is made anew it may be asked. */
  async #mayAskAgain(tx: Tx, deliveryId: string): Promise<void> {
    const held = await this.deliveries.find(deliveryId, tx);
    if (held) await this.consent.askedInVain(tx, held.delivery);
  }

  async #note(send: ReportSend, result: SendOutcome): Promise<void> {
    const about = { delivery: send.delivery_id, period: send.period };
    if (result.kind === 'stop')
      this.log.pino.warn({ event: 'report_deliveries.stopped', ...about, reason: result.reason }, 'A report delivery has stopped');
    if (result.kind !== 'sent' && result.kind !== 'failed') return;
    const channel = (await this.deliveries.find(send.delivery_id))?.delivery.channel;
    if (channel) this.metrics.reportsSent.inc({ channel, result: result.kind });
    if (result.kind === 'sent') this.log.pino.info({ event: 'report_deliveries.sent', ...about }, 'A report is sent');
    else
      this.log.pino.warn(
        { event: 'report_deliveries.attempt_failed', ...about, fault: result.fault, status: result.status },
        'A report could not be sent',
      );
  }
}

/** @param random 0 to 1 */
function changeOf(send: ReportSend, result: SendResult, now: number, random: number): Partial<ReportSend> {
  if (result.kind === 'sent') return { state: 'sent', finished_at: now, fault: null, status: null };
  if (result.kind === 'dropped') return { state: 'dropped', finished_at: now };
  // Nothing was tried: the day of retries begins with the first attempt.
  if (result.kind === 'wait') return { next_attempt_at: now + LOOK_AGAIN_MS, ...(send.attempts === 0 ? { first_attempt_at: null } : {}) };
  if (result.kind === 'cut') return {};
  const attempts = send.attempts + 1;
  const failed = { attempts, fault: result.fault, status: result.status };
  const last = (send.first_attempt_at ?? now) + GIVE_UP_AFTER_MS;
  if (result.isFinal || now >= last) return { ...failed, state: 'failed', finished_at: now };
  return { ...failed, next_attempt_at: Math.min(last, now + BACKOFF.delayMs(attempts, random)) };
}
