import { Injectable } from '@nestjs/common';
import { type Call, fact, learn } from '#call/call.js';
import { CallsService } from '#call/calls.service.js';
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
    private readonly clock: Clock,
  ) {}

  /**
   * Ends a call; one that is over already counts as done.
   * @returns the call, and 202 while 360dialog has not confirmed, such as for a dial whose wacid is not known yet
   * @throws Problem as 360dialog refused
   */
  async terminate(id: string): Promise<{ status: 200 | 202; call: Call }> {
    const asked = await this.#ask(await this.calls.require(id));
    if (this.calls.snapshot(asked).concluded.state === 'ended') return { status: 200, call: asked };
    if (asked.wacid === null) return { status: 202, call: asked };
    const { call, problem, confirmed } = await this.#send(asked, asked.wacid);
    if (problem) throw problem;
    return { status: confirmed ? 200 : 202, call };
  }

  /** Carries out a hang-up that was asked for: its wacid has become known, or an earlier attempt was lost. */
  async finish(id: string): Promise<void> {
    const call = await this.calls.require(id);
    const over = this.calls.snapshot(call).concluded.state === 'ended';
    if (!over && call.wacid !== null && fact(call.facts, 'hang_up.asked')) await this.#send(call, call.wacid);
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
      const ended = this.calls.snapshot(now).concluded.state === 'ended';
      return ended ? now : this.calls.write(tx, now, learn(now, { kind: 'hang_up.asked', at: this.clock.now() }));
    });
  }

  async #send(asked: Call, wacid: string): Promise<{ call: Call; problem: Problem | null; confirmed: boolean }> {
    const sent = await this.dialog360.terminate(wacid);
    const call = await this.#change(asked, async (tx, now) => {
      await this.calls.noteExchange(tx, now, sent.exchange);
      if (sent.outcome === 'accepted') return this.calls.write(tx, now, learn(now, { kind: 'hang_up.confirmed', at: this.clock.now() }));
      const at = this.clock.now();
      const hangUpAgainAt = at + pause(at - (fact(now.facts, 'hang_up.asked')?.at ?? at));
      return this.calls.write(tx, now, { ...now, hold: { ...now.hold, hangUpAgainAt } });
    });
    return { call, problem: sent.outcome === 'refused' ? sent.problem : null, confirmed: sent.outcome === 'accepted' };
  }

  #change(call: Call, change: (tx: Tx, now: Call) => Promise<Call>): Promise<Call> {
    return this.store.write(async (tx) => change(tx, await this.calls.require(call.id, tx)), [numberLock(call.phoneNumberId)]);
  }
}
