import { Injectable } from '@nestjs/common';
import { apply, type Call, fact } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { Settings } from '#config/settings.js';
import { Dialog360Client } from '#dialog360/dialog360.client.js';
import { Clock, MINUTE, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { numberLock, Store, type Tx } from '#store/store.js';

/** When a hang-up that was lost or refused is tried again: half as long again as it has been asked for, 5 to 60 s. */
const pause = (sinceMs: number): number => Math.min(Math.max(sinceMs / 2, 5 * SECOND), MINUTE);

/** Ends calls: cancels what waits, hangs up what rings or talks, and does not give up before 360dialog has said yes. */
@Injectable()
export class HangUpService {
  constructor(
    private readonly calls: CallsService,
    private readonly dialog360: Dialog360Client,
    private readonly store: Store,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends a call; one that is over already counts as done.
   * @returns the call, and 202 while 360dialog has not confirmed, such as for a dial whose wacid is not known yet
   * @throws Problem as 360dialog refused
   */
  async terminate(id: string): Promise<{ status: 200 | 202; call: Call }> {
    const asked = await this.#ask(await this.calls.require(id));
    if (this.#over(asked)) return { status: 200, call: asked };
    if (asked.wacid === null) return { status: 202, call: asked };
    const { call, problem, confirmed } = await this.#send(asked, asked.wacid);
    if (problem) throw problem;
    return { status: confirmed ? 200 : 202, call };
  }

  /**
   * Carries out a hang-up that was asked for: its wacid has become known, or an earlier attempt was lost. Of several who
   * try at once, in whichever replica, one sends it.
   */
  async finish(id: string): Promise<void> {
    let mine = false;
    const call = await this.#change(await this.calls.require(id), async (tx, now) => {
      const due = (now.control.hangUpAgainAt ?? 0) <= this.clock.now();
      mine = due && now.wacid !== null && fact(now.facts, 'hang_up.asked') !== undefined && !this.#over(now);
      return mine ? this.calls.write(tx, now, this.#underWay(now)) : now;
    });
    if (mine && call.wacid !== null) await this.#send(call, call.wacid);
  }

  /** A last word to a line that we give up: sent once, whatever comes of it. */
  async giveUp(call: Call): Promise<void> {
    if (call.wacid === null) return;
    const sent = await this.dialog360.terminate(call.wacid);
    await this.#change(call, async (tx, now) => {
      await this.calls.noteExchange(tx, now, sent.exchange);
      return now;
    });
  }

  #ask(call: Call): Promise<Call> {
    return this.#change(call, async (tx, now) => {
      if (this.#over(now)) return now;
      return this.calls.write(tx, now, this.#underWay(apply(now, { kind: 'hang_up.asked', at: this.clock.now() })));
    });
  }

  #over(call: Call): boolean {
    return this.calls.snapshot(call).derived.state === 'ended';
  }

  /** Nobody else sends it meanwhile; if this process dies with it, the watchdog does. */
  #underWay(call: Call): Call {
    if (call.wacid === null) return call;
    const hangUpAgainAt = this.clock.now() + this.settings.dialog360.timeoutMs + 5 * SECOND;
    return { ...call, control: { ...call.control, hangUpAgainAt } };
  }

  async #send(asked: Call, wacid: string): Promise<{ call: Call; problem: Problem | null; confirmed: boolean }> {
    const sent = await this.dialog360.terminate(wacid);
    const call = await this.#change(asked, async (tx, now) => {
      const at = this.clock.now();
      const { exchange } = sent;
      if (sent.outcome === 'accepted') return this.calls.write(tx, now, apply(now, { kind: 'hang_up.confirmed', at }), { exchange });
      const hangUpAgainAt = at + pause(at - (fact(now.facts, 'hang_up.asked')?.at ?? at));
      return this.calls.write(tx, now, { ...now, control: { ...now.control, hangUpAgainAt } }, { exchange });
    });
    return { call, problem: sent.outcome === 'refused' ? sent.problem : null, confirmed: sent.outcome === 'accepted' };
  }

  #change(call: Call, change: (tx: Tx, now: Call) => Promise<Call>): Promise<Call> {
    return this.store.write(async (tx) => change(tx, await this.calls.require(call.id, tx)), [numberLock(call.phoneNumberId)]);
  }
}
