import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { apply, awaitsResponse, type Call, fact, type LiveState, withControl } from '#calling/call/call.js';
import { CallsService, type DueCall } from '#calling/call/calls.service.js';
import { Settings } from '#config/settings.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { Clock, MovedClock, SECOND } from '#kernel/clock.js';
import { Bulkhead } from '#kernel/concurrency/bulkhead.js';
import { isStoreFault } from '#store/store-fault.js';
import { Log } from '#telemetry/log.js';
import { HangUpService } from './hang-up.service.js';
import { LeasesService } from './leases.service.js';

/** The calls of one number that one round finds. */
const ROUND_SIZE = 500;
/** Those of them that share a transaction, for which the webhooks of their number wait. */
const BATCH_SIZE = 100;
/**
 * The calls of one number that are processed side by side. It is half of the requests that may be under way on its line (32), so hang-ups
 * that hang leave the other half to dials, answers and readings, and keep no call of another number waiting.
 */
const SIDE_BY_SIDE = 16;
const NONE: ReadonlySet<string> = new Set();
/** A call whose deadline has passed for so long waits for the other writers of its number. */
const OVERDUE_MS = 5 * SECOND;

/** Ends calls at their deadline, ends lapsed claims and leases, and retries unconfirmed hang-ups. */
@Injectable()
export class CallWatchdogJob {
  #searching = false;
  /** The calls that were found due and are not processed yet, by number. */
  readonly #inProgress = new Map<string, Set<string>>();
  readonly #bulkheads = new Map<string, Bulkhead>();
  readonly #moved: MovedClock;

  constructor(
    private readonly calls: CallsService,
    private readonly hangUps: HangUpService,
    private readonly leases: LeasesService,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.#moved = new MovedClock(clock);
  }

  /**
   * One round; it ends when the calls that it found are processed. The next one does not wait for that: a hang-up that hangs delays
   * no call, unless sixteen of its number hang at a time.
   */
  @Interval(1_000)
  async tick(): Promise<void> {
    if (this.#searching || !this.#isClockTrusted()) return;
    try {
      const found = await this.#find();
      const round: Round = { fault: null };
      const ofNumbers = Map.groupBy(found, ({ phoneNumberId }) => phoneNumberId);
      await Promise.all([...ofNumbers].map(([phoneNumberId, calls]) => this.#ofNumber(phoneNumberId, calls, round)));
      if (round.fault !== null) throw round.fault;
    } catch (error) {
      this.log.pino.error({ event: 'calling.watchdog_failed', error }, 'The watchdog cannot process due calls; it retries');
    }
  }

  /** The due calls that no earlier round processes still; none of a number of which a whole round waits. */
  async #find(): Promise<DueCall[]> {
    this.#searching = true;
    try {
      const most = Math.max(0, ...[...this.#inProgress.values()].map(({ size }) => size));
      // Those in progress stay due, so they come first again.
      const due = await this.calls.due(this.clock.now(), ROUND_SIZE + most);
      this.leases.watched();
      const found = [...Map.groupBy(due, ({ phoneNumberId }) => phoneNumberId)].flatMap(([phoneNumberId, calls]) => {
        const inProgress = this.#inProgress.get(phoneNumberId);
        if (!inProgress) return calls;
        return inProgress.size >= ROUND_SIZE ? [] : calls.filter(({ id }) => !inProgress.has(id)).slice(0, ROUND_SIZE);
      });
      for (const { id, phoneNumberId } of found) this.#inProgressOf(phoneNumberId).add(id);
      return found;
    } finally {
      this.#searching = false;
    }
  }

  /**
   * Calls that only end are written in batches, each in one transaction. Every replica finds the same ones, so it does not wait for another
   * writer of the number until one of them is overdue. The others are processed side by side.
   */
  async #ofNumber(phoneNumberId: string, found: readonly DueCall[], round: Round): Promise<void> {
    const alone: Promise<void>[] = [];
    for (let from = 0; from < found.length; from += BATCH_SIZE) {
      const batch = found.slice(from, from + BATCH_SIZE);
      const settled = round.fault === null ? await this.#lapseTogether(phoneNumberId, batch) : NONE;
      for (const id of settled) this.#done(phoneNumberId, id);
      const others = batch.filter(({ id }) => !settled.has(id));
      alone.push(...others.map((call) => this.#bulkheadOf(call).run(() => this.#alone(call, round))));
    }
    await Promise.all(alone);
  }

  /** @returns the calls that are written or left to the next round; none when one of them cannot be written: each is then processed by itself */
  async #lapseTogether(phoneNumberId: string, found: readonly DueCall[]): Promise<ReadonlySet<string>> {
    if (found.length === 1) return NONE;
    try {
      const calls = await this.calls.byIds(found.map(({ id }) => id));
      const lapsing = calls.filter((call) => this.#stepOf(call) === 'lapse');
      const waits = lapsing.some((call) => this.#isOverdue(call));
      if (lapsing.length > 0) await this.calls.changeAll(phoneNumberId, lapsing, (now) => this.#lapse(now), waits);
      return new Set(lapsing.map(({ id }) => id));
    } catch {
      return NONE;
    }
  }

  #isOverdue(call: Call): boolean {
    const { deadlineAt } = this.calls.snapshot(call).derived;
    return deadlineAt !== null && deadlineAt < this.clock.now() - OVERDUE_MS;
  }

  /**
   * A call that cannot be processed keeps no other from its deadline; it comes again with the next round. After a fault of the store the
   * calls that still wait are left to the next round.
   */
  async #alone({ id, phoneNumberId }: DueCall, round: Round): Promise<void> {
    try {
      if (round.fault === null) await this.#process(id);
    } catch (error) {
      if (isStoreFault(error)) round.fault = error;
      else this.#noteFailure(id, error);
    } finally {
      this.#done(phoneNumberId, id);
    }
  }

  #done(phoneNumberId: string, id: string): void {
    this.#inProgressOf(phoneNumberId).delete(id);
    if (this.#inProgressOf(phoneNumberId).size === 0) this.#forget(phoneNumberId);
  }

  #inProgressOf(phoneNumberId: string): Set<string> {
    const known = this.#inProgress.get(phoneNumberId) ?? new Set();
    this.#inProgress.set(phoneNumberId, known);
    return known;
  }

  #bulkheadOf({ phoneNumberId }: DueCall): Bulkhead {
    const known = this.#bulkheads.get(phoneNumberId) ?? new Bulkhead({ slots: SIDE_BY_SIDE });
    this.#bulkheads.set(phoneNumberId, known);
    return known;
  }

  /** Nothing of the number is in progress. */
  #forget(phoneNumberId: string): void {
    this.#inProgress.delete(phoneNumberId);
    this.#bulkheads.delete(phoneNumberId);
  }

  /** After a jump of the clock every deadline seems to have passed at once. */
  #isClockTrusted(): boolean {
    const movedMs = this.#moved.detectJump();
    if (movedMs !== 0) {
      this.log.pino.warn({ event: 'calling.clock_jumped', movedMs }, 'The system clock jumped; no call expires for two minutes ');
    }
    return this.#moved.trusted;
  }

  async #process(id: string): Promise<void> {
    const call = await this.calls.require(EVERY_NUMBER, id);
    const step = this.#stepOf(call);
    if (step === 'none') return;
    if (step === 'lease') return this.leases.lapse(call);
    if (step === 'hang up') return this.hangUps.finish(id);
    // The line may be up at Meta although the deadline has passed here: one terminate is sent, and its result not awaited.
    if (step === 'give up') await this.hangUps.giveUp(call);
    await this.#change(call, (current) => this.#lapse(current));
  }

  /** What is due of a call. */
  #stepOf(call: Call): Step {
    const { state, deadlineAt } = this.calls.snapshot(call).derived;
    const now = this.clock.now();
    if (state === 'ended' || deadlineAt === null) return 'none';
    if (call.control.lease && call.control.lease.until <= now) return 'lease';
    if (fact(call.facts, 'hang_up.asked') && call.wacid !== null && deadlineAt > now) return 'hang up';
    return deadlineAt <= now && call.wacid !== null && mayStillRun(call, state) ? 'give up' : 'lapse';
  }

  /** The call after its deadlines and the end of its claim, as the clock stands under the lock. */
  #lapse(call: Call): Call {
    const { state, deadlineAt } = this.calls.snapshot(call).derived;
    const now = this.clock.now();
    const { claim } = call.control;
    const unclaimed = claim && claim.until <= now && state === 'ringing' ? withControl(call, { claim: null }) : call;
    return state === 'ended' || deadlineAt === null || deadlineAt > now
      ? unclaimed
      : apply(unclaimed, { kind: 'lapsed', at: deadlineAt, state });
  }

  #change(call: Call, change: (now: Call) => Call): Promise<Call> {
    return this.calls.change(call, (tx, now) => this.calls.write(tx, now, change(now)));
  }

  /** A dial gets no response once its process has ended: after twice the timeout its result is unknown. */
  @Interval(5 * SECOND)
  async markDialsWithoutResponse(): Promise<void> {
    if (!this.#isClockTrusted()) return;
    const before = this.clock.now() - 2 * this.settings.dialog360.timeoutMs - 5 * SECOND;
    for (const { id } of await this.calls.unanswered(before, BATCH_SIZE)) await this.#markLost(id, before);
  }

  async #markLost(id: string, before: number): Promise<void> {
    try {
      const call = await this.calls.require(EVERY_NUMBER, id);
      if (!isOverdue(call, before)) return;
      await this.#change(call, (now) => (isOverdue(now, before) ? apply(now, { kind: 'dial.lost', at: this.clock.now() }) : now));
    } catch (error) {
      if (isStoreFault(error)) throw error;
      this.#noteFailure(id, error);
    }
  }

  #noteFailure(call: string, error: unknown): void {
    this.log.pino.error({ event: 'calling.call_not_watched', error, call }, 'The watchdog cannot process a call; it retries');
  }
}

/** Whether a dial that was committed before then has no response. */
const isOverdue = (call: Call, before: number): boolean => awaitsResponse(call) && (fact(call.facts, 'dialing')?.at ?? before) < before;

/** Meta ends an inbound call that was not answered, and one that the user rejected; every other call may still be up. */
const mayStillRun = (call: Call, state: LiveState): boolean =>
  state === 'in_progress' || (call.direction === 'outbound' ? fact(call.facts, 'rejected') === undefined : state !== 'ringing');

/** `give up` hangs up once more before the call ends here; `lapse` only ends it, or its claim. */
type Step = 'none' | 'lease' | 'hang up' | 'give up' | 'lapse';

/** What the calls of one round share. */
interface Round {
  /** The first fault of the store; null while there is none. */
  fault: unknown;
}
