import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { apply, type Call, fact, type LiveState } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { Settings } from '#config/settings.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { MovedClock } from '#kernel/moved-clock.js';
import { numberLock, Store, type Tx } from '#store/store.js';
import { Log } from '#telemetry/telemetry.module.js';
import { HangUpService } from './hang-up.service.js';
import { LeasesService } from './leases.service.js';

const SLICE = 100;

/** Sees to it that no call stays unfinished for ever: deadlines, lapsed claims and leases, and hang-ups that were lost. */
@Injectable()
export class CallWatchdogJob {
  #running = false;
  readonly #moved: MovedClock;

  constructor(
    private readonly calls: CallsService,
    private readonly hangUps: HangUpService,
    private readonly leases: LeasesService,
    private readonly store: Store,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.#moved = new MovedClock(clock);
  }

  @Interval(1_000)
  async tick(): Promise<void> {
    if (this.#running || !this.#isClockTrusted()) return;
    this.#running = true;
    try {
      const due = await this.calls.due(this.clock.now(), SLICE);
      this.leases.watchBegins();
      for (const id of due) await this.#see(id);
      this.leases.watchPauses();
    } catch (error) {
      this.log.pino.error({ error }, 'the watchdog could not look at the calls; it tries again');
    } finally {
      this.#running = false;
    }
  }

  /** After a jump of the clock every deadline seems to have come at once. */
  #isClockTrusted(): boolean {
    const movedMs = this.#moved.look();
    if (movedMs !== 0) this.log.pino.warn({ movedMs }, "the machine's clock was moved; for two minutes no call is ended by it");
    return this.#moved.trusted;
  }

  async #see(id: string): Promise<void> {
    const call = await this.calls.require(id);
    const { state, deadlineAt } = this.calls.snapshot(call).derived;
    const now = this.clock.now();
    if (state === 'ended' || deadlineAt === null) return;
    if (call.control.lease && call.control.lease.until <= now) return this.leases.lapse(call);
    if (fact(call.facts, 'hang_up.asked') && call.wacid !== null && deadlineAt > now) return this.hangUps.finish(id);
    if (deadlineAt <= now && call.wacid !== null && mayStillRun(call, state)) {
      // Whatever state we believe in, nobody shall be left on a line that we have given up. It is said once, and not waited for.
      await this.hangUps.giveUp(call);
    }
    await this.#change(call, (current) => this.#lapse(current));
  }

  /** The call after its deadlines and the end of its claim, as the clock stands under the lock. */
  #lapse(call: Call): Call {
    const { state, deadlineAt } = this.calls.snapshot(call).derived;
    const now = this.clock.now();
    const { claim } = call.control;
    const unclaimed = claim && claim.until <= now && state === 'ringing' ? { ...call, control: { ...call.control, claim: null } } : call;
    return state === 'ended' || deadlineAt === null || deadlineAt > now
      ? unclaimed
      : apply(unclaimed, { kind: 'lapsed', at: deadlineAt, state });
  }

  #change(call: Call, change: (now: Call) => Call): Promise<Call> {
    return this.store.write(
      async (tx: Tx) => {
        const now = await this.calls.require(call.id, tx);
        return this.calls.write(tx, now, change(now));
      },
      [numberLock(call.phoneNumberId)],
    );
  }

  /** A dial whose process died has no answer and never will: after twice the time-out it is told as unknown. */
  @Interval(5 * SECOND)
  async tellLostDials(): Promise<void> {
    if (!this.#isClockTrusted()) return;
    const before = this.clock.now() - 2 * this.settings.dialog360.timeoutMs - 5 * SECOND;
    for (const call of await this.calls.inState('dialing', SLICE)) {
      const dialing = fact(call.facts, 'dialing');
      const told = fact(call.facts, 'dial.accepted') ?? fact(call.facts, 'dial.lost') ?? fact(call.facts, 'dial.refused');
      if (dialing && !told && dialing.at < before)
        await this.#change(call, (now) => apply(now, { kind: 'dial.lost', at: this.clock.now() }));
    }
  }
}

/** An inbound call that rang out is over at Meta, too; every other may still be up. */
const mayStillRun = (call: Call, state: LiveState): boolean => call.direction === 'outbound' || state !== 'ringing';
