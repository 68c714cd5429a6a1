import { Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import { apply, type Call, fact, withControl } from '#calling/call/call.js';
import type { CommandResult } from '#calling/call/call-commands.service.js';
import { CallsService } from '#calling/call/calls.service.js';
import { EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import { Settings } from '#config/settings.js';
import type { Sent } from '#dialog360/exchange.js';
import { NOTHING_SENT } from '#error-catalogue/nothing-sent.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { Clock, MINUTE, SECOND } from '#kernel/clock.js';
import { Lines } from '#numbers/lines.js';
import type { Tx } from '#store/store.js';

/** The error codes of `terminate`. */
export const TERMINATE_PROBLEMS = [
  'call_not_found',
  'not_call_primary',
  ...NOTHING_SENT,
  'number_unproven',
  'other_number',
  'upstream_key_rejected',
  'upstream_refused',
] as const;

/** The backoff of an unconfirmed hang-up: half the time since it was asked for, 5 to 60 s. */
const backoff = (sinceMs: number): number => Math.min(Math.max(sinceMs / 2, 5 * SECOND), MINUTE);

/** Ends calls: cancels a waiting call, hangs up a live one, and retries until 360dialog confirms. */
@Injectable()
export class HangUpService {
  constructor(
    private readonly calls: CallsService,
    private readonly lines: Lines,
    private readonly compliance: EligibilityService,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends a call; one that has ended already is a success.
   * @returns the call, and 202 while 360dialog has not confirmed, such as for a dial without a wacid yet
   * @throws Problem as 360dialog refused
   */
  async terminate(id: string, by: Principal): Promise<CommandResult> {
    await this.calls.noteCommandOn(id, 'terminate', by);
    const asked = await this.calls.change(await this.calls.require(by, id), async (tx, now) => {
      if (this.#hasEnded(now)) return now;
      return this.calls.write(tx, now, this.#underWay(apply(now, { kind: 'hang_up.asked', at: this.clock.now() })));
    });
    if (this.#hasEnded(asked)) return { status: 200, call: asked };
    if (asked.wacid === null) return { status: 202, call: asked };
    const { call, sent } = await this.#attempt(asked, asked.wacid);
    if (sent.outcome === 'refused') throw sent.problem;
    return { status: sent.outcome === 'accepted' ? 200 : 202, call };
  }

  /** Ends a call that waits and was never dialled, for the gateway itself; any other stays as it is. */
  async cancelWaiting(id: string): Promise<void> {
    await this.calls.change(await this.calls.require(EVERY_NUMBER, id), async (tx, now) => {
      const { state } = this.calls.snapshot(now).derived;
      if (state !== 'awaiting_permission' && state !== 'ready') return now;
      return this.calls.write(tx, now, apply(now, { kind: 'hang_up.asked', at: this.clock.now() }));
    });
  }

  /**
   * Sends a hang-up that was asked for: its wacid has become known, or an earlier attempt had no response. Of several
   * callers at once, in any replica, one sends it.
   */
  async finish(id: string): Promise<void> {
    let mine = false;
    const call = await this.calls.change(await this.calls.require(EVERY_NUMBER, id), async (tx, now) => {
      const due = (now.control.hangUpAgainAt ?? 0) <= this.clock.now();
      mine = due && now.wacid !== null && fact(now.facts, 'hang_up.asked') !== undefined && !this.#hasEnded(now);
      return mine ? this.calls.write(tx, now, this.#underWay(now)) : now;
    });
    // The call keeps the refusal and the time of the next attempt.
    if (mine && call.wacid !== null) await this.#attempt(call, call.wacid);
  }

  /** Sends one terminate for a call at its deadline; a refusal changes nothing. */
  async giveUp(call: Call): Promise<void> {
    if (call.wacid === null) return;
    const sent = await this.lines.of(call.phoneNumberId).terminate(call.wacid);
    await this.calls.change(call, async (tx, now) => {
      await this.#recordForNumber(tx, now, sent);
      return this.calls.noteExchange(tx, now, sent.exchange);
    });
  }

  #hasEnded(call: Call): boolean {
    return this.calls.snapshot(call).derived.state === 'ended';
  }

  /** No other process sends it meanwhile; if this process ends before, the watchdog sends it. */
  #underWay(call: Call): Call {
    if (call.wacid === null) return call;
    return withControl(call, { hangUpAgainAt: this.clock.now() + this.settings.dialog360.timeoutMs + 5 * SECOND });
  }

  async #attempt(asked: Call, wacid: string) {
    const sent = await this.lines.of(asked.phoneNumberId).terminate(wacid);
    const call = await this.calls.change(asked, async (tx, now) => {
      await this.#recordForNumber(tx, now, sent);
      const at = this.clock.now();
      const hangUpAgainAt = at + backoff(at - (fact(now.facts, 'hang_up.asked')?.at ?? at));
      const after = sent.outcome === 'accepted' ? apply(now, { kind: 'hang_up.confirmed', at }) : withControl(now, { hangUpAgainAt });
      return this.calls.write(tx, now, after, { exchange: sent.exchange });
    });
    return { call, sent };
  }

  /** What the answer says about the number: a refusal for the diagnosis, or that Meta takes its call actions. */
  async #recordForNumber(tx: Tx, { id, phoneNumberId }: Call, sent: Sent<{ alreadyOver: boolean }>): Promise<void> {
    if (sent.outcome === 'accepted' && !sent.value.alreadyOver) await this.compliance.recordAction(tx, phoneNumberId);
    if (sent.outcome !== 'refused') return;
    await this.compliance.recordRefusal(tx, { phoneNumberId, operation: 'terminate', problem: sent.problem, callId: id });
  }
}
