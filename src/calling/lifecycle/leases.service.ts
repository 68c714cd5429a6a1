import { Injectable } from '@nestjs/common';
import { apply, type Call, type Lease } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import type { Operator } from '#calling/call/claim.js';
import { Settings } from '#config/settings.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { numberLock, Store, type Tx } from '#store/store.js';
import { HangUpService } from './hang-up.service.js';
import { firstLease, lapsedHold, leased } from './lease.js';

/** The watchdog looks each second; after a longer pause nobody can tell who renewed in vain meanwhile. */
const PAUSE_MS = 5 * SECOND;

/** A call and the lease that a softphone has on it now. */
export interface Leased {
  call: Call;
  lease: Lease;
}

/**
 * Leases of softphones. A window that holds the sound of a call renews its lease every few seconds; once it is closed or
 * has crashed the lease lapses, and the call is ended instead of being left in silence. A call without a lease is never
 * ended by this.
 */
@Injectable()
export class LeasesService {
  #watchedAt = Number.NEGATIVE_INFINITY;
  #graceUntil = 0;

  constructor(
    private readonly calls: CallsService,
    private readonly hangUps: HangUpService,
    private readonly store: Store,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** The lease of a dial: the window cannot renew before it knows the call, which takes one request to 360dialog. */
  ofDial(holder: string | undefined, by: Operator): Lease | null {
    const until = this.clock.now() + this.settings.dialog360.timeoutMs + this.settings.deadlines.leaseMs;
    return holder === undefined ? null : firstLease({ holder, by, until });
  }

  /**
   * Takes the lease of a live call, or renews it. @param ms how long it lasts without renewal; null for the configured time
   * @throws Problem `call_ended`, `call_claimed`, `lease_held`, or `lease_lost`
   */
  async hold(id: string, holder: string, fence: number | null, by: Operator, ms: number | null): Promise<Leased> {
    const known = await this.calls.require(id);
    return this.store.write(
      async (tx) => {
        const call = await this.calls.require(known.id, tx);
        if (this.calls.snapshot(call).derived.state === 'ended') throw new Problem('call_ended');
        const now = this.clock.now();
        const lease = leased(call, { holder, fence, by, until: now + (ms ?? this.settings.deadlines.leaseMs) }, now);
        if (lease.fence !== call.control.lease?.fence) await this.calls.noteCommand(tx, call.id, 'lease', by.name);
        return { lease, call: await this.calls.write(tx, call, { ...call, control: { ...call.control, lease } }) };
      },
      [numberLock(known.phoneNumberId)],
    );
  }

  /** Gives the lease up; the call goes on without one. Whoever holds none gives up nothing. */
  async giveUp(id: string, holder: string, by: Operator): Promise<void> {
    await this.#change(await this.calls.require(id), async (tx, call) => {
      const { lease } = call.control;
      if (lease?.holder !== holder || lease.keyId !== by.keyId) return;
      await this.calls.write(tx, call, { ...call, control: { ...call.control, lease: null } });
    });
  }

  /** The watchdog looks at the calls: after a start or a long pause every lease gets a full term first. */
  watchBegins(): void {
    const now = this.clock.now();
    if (now - this.#watchedAt > PAUSE_MS) this.#graceUntil = now + this.settings.deadlines.leaseMs;
    this.#watchedAt = now;
  }

  watchPauses(): void {
    this.#watchedAt = this.clock.now();
  }

  /**
   * The lease was not renewed: a call that rings here is free for others, any other is hung up. Whoever finds it lapsed
   * under the lock, in whichever replica, is the only one.
   */
  async lapse(found: Call): Promise<void> {
    let hangUp = false;
    await this.#change(found, async (tx, call) => {
      hangUp = await this.#lapseNow(tx, call);
    });
    if (hangUp) await this.hangUps.finish(found.id);
  }

  /** @returns whether the call must be hung up now */
  async #lapseNow(tx: Tx, call: Call): Promise<boolean> {
    const now = this.clock.now();
    const { lease } = call.control;
    const { state } = this.calls.snapshot(call).derived;
    if (!lease || lease.until > now || state === 'ended') return false;
    if (this.#graceUntil > now) {
      await this.calls.write(tx, call, { ...call, control: { ...call.control, lease: { ...lease, until: this.#graceUntil } } });
      return false;
    }
    const left = { ...call, control: lapsedHold(call) };
    const waits = state === 'awaiting_permission' || state === 'ready';
    const rings = state === 'ringing' && call.direction === 'inbound';
    if (!waits) await this.calls.noteCommand(tx, call.id, rings ? 'release' : 'terminate', 'lease_lapsed');
    if (waits || rings) {
      await this.calls.write(tx, call, left);
      return false;
    }
    // Due at once, so that another process sends it should this one die before it does.
    const asked = apply(
      { ...left, control: { ...left.control, hangUpAgainAt: call.wacid === null ? null : now } },
      {
        kind: 'hang_up.asked',
        at: now,
        because: 'lease_lapsed',
      },
    );
    const { hangUpAgainAt } = call.control;
    await this.calls.write(tx, call, hangUpAgainAt === null ? asked : { ...asked, control: { ...asked.control, hangUpAgainAt } });
    return call.wacid !== null;
  }

  async #change(call: Call, work: (tx: Tx, now: Call) => Promise<void>): Promise<void> {
    await this.store.write(async (tx) => work(tx, await this.calls.require(call.id, tx)), [numberLock(call.phoneNumberId)]);
  }
}
