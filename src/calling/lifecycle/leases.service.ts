import { Injectable } from '@nestjs/common';
import { apply, type Call, type Lease, withControl } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import type { Operator } from '#calling/call/claim.js';
import { Settings } from '#config/settings.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import type { Tx } from '#store/store.js';
import { HangUpService } from './hang-up.service.js';
import { firstLease, leased, withoutLapsedLease } from './lease.js';

/** The watchdog runs each second. After a longer gap, renewals may have been missed, so every lease gets a full term. */
const GAP_MS = 5 * SECOND;

/** A call and its lease. */
export interface Leased {
  call: Call;
  lease: Lease;
}

/**
 * Leases of softphones. A window that plays the audio of a call renews its lease every few seconds. Once the window is closed
 * or has crashed the lease lapses, and the gateway ends the call instead of leaving the user in silence. A call without a
 * lease is never ended by this.
 */
@Injectable()
export class LeasesService {
  #watchedAt = Number.NEGATIVE_INFINITY;
  #graceUntil = 0;

  constructor(
    private readonly calls: CallsService,
    private readonly hangUps: HangUpService,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** The lease of a dial; null without a holder. It lasts one request to 360dialog longer: the window cannot renew before. */
  ofDial(holder: string | undefined, by: Operator): Lease | null {
    const until = this.clock.now() + this.settings.dialog360.timeoutMs + this.settings.deadlines.leaseMs;
    return holder === undefined ? null : firstLease({ holder, by, until });
  }

  /**
   * Takes the lease of a live call, or renews it with its fence. @param ms its term; null for the configured one
   * @throws Problem `call_ended`, `call_claimed`, `lease_held`, or `lease_lost`
   */
  async take(id: string, holder: string, fence: number | null, by: Operator & NumberReach, ms: number | null): Promise<Leased> {
    return this.calls.change(await this.calls.require(by, id), async (tx, call) => {
      if (this.calls.snapshot(call).derived.state === 'ended') throw new Problem('call_ended');
      const now = this.clock.now();
      const lease = leased(call, { holder, fence, by, until: now + (ms ?? this.settings.deadlines.leaseMs) }, now);
      if (lease.fence !== call.control.lease?.fence) await this.calls.noteCommand(tx, call.id, 'lease', by.name);
      return { lease, call: await this.calls.write(tx, call, withControl(call, { lease })) };
    });
  }

  /** Gives the lease up; the call goes on without one. Nothing happens for a client that does not hold it. */
  async giveUp(id: string, holder: string, by: Operator & NumberReach): Promise<void> {
    await this.calls.change(await this.calls.require(by, id), async (tx, call) => {
      const { lease } = call.control;
      if (lease?.holder === holder && lease.keyId === by.keyId) await this.calls.write(tx, call, withControl(call, { lease: null }));
    });
  }

  /** The watchdog works. After a start or a gap every lease gets a full term first. */
  watched(): void {
    const now = this.clock.now();
    if (now - this.#watchedAt > GAP_MS) this.#graceUntil = now + this.settings.deadlines.leaseMs;
    this.#watchedAt = now;
  }

  /**
   * Ends a lease that was not renewed: a call that rings here is released for other operators, any other is hung up. Of
   * several replicas one finds it lapsed under the lock.
   */
  async lapse(found: Call): Promise<void> {
    // The process may have stood still since the watchdog found the call.
    this.watched();
    const hangUp = await this.calls.change(found, (tx, call) => this.#lapseNow(tx, call));
    if (hangUp) await this.hangUps.finish(found.id);
  }

  /** @returns whether the call must be hung up now */
  async #lapseNow(tx: Tx, call: Call): Promise<boolean> {
    const now = this.clock.now();
    const { lease, hangUpAgainAt } = call.control;
    const { state } = this.calls.snapshot(call).derived;
    if (!lease || lease.until > now || state === 'ended') return false;
    if (this.#graceUntil > now) {
      await this.calls.write(tx, call, withControl(call, { lease: { ...lease, until: this.#graceUntil } }));
      return false;
    }
    const waits = state === 'awaiting_permission' || state === 'ready';
    const rings = state === 'ringing' && call.direction === 'inbound';
    if (!waits) await this.calls.noteCommand(tx, call.id, rings ? 'release' : 'terminate', 'lease_lapsed');
    const left = withControl(call, withoutLapsedLease(call));
    if (waits || rings) {
      await this.calls.write(tx, call, left);
      return false;
    }
    // Due at once, so that another process sends it if this one ends before.
    const due = withControl(left, { hangUpAgainAt: hangUpAgainAt ?? (call.wacid === null ? null : now) });
    await this.calls.write(tx, call, apply(due, { kind: 'hang_up.asked', at: now, because: 'lease_lapsed' }));
    return call.wacid !== null;
  }
}
