import { Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import { apply, type Call, type ControlState, type Fact, fact } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { answerable, claimed, claimFor } from '#calling/call/claim.js';
import { EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import { Settings } from '#config/settings.js';
import { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { Operation, Sent } from '#dialog360/exchange.js';
import type { Session } from '#dialog360/fact.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { numberLock, Store, type Tx } from '#store/store.js';

/** A command's answer: 200 once 360dialog said yes, 202 while nobody knows. */
export interface Answered {
  status: 200 | 202;
  call: Call;
}

/** Takes inbound calls: pre-accept, accept, reject. The first to pre-accept or accept claims the call. */
@Injectable()
export class InboundCallService {
  constructor(
    private readonly calls: CallsService,
    private readonly dialog360: Dialog360Client,
    private readonly compliance: EligibilityService,
    private readonly store: Store,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** Warms the media up. @throws Problem `call_claimed`, `call_ended`, `call_already_answered`, `answer_mismatch`, or 360dialog's */
  async preAccept(id: string, session: Session, by: Principal): Promise<Answered> {
    const { call, wacid } = await this.#prepare(id, 'pre-accept', by, (now) => {
      answerable(now, by, this.clock.now());
      if (fact(now.facts, 'pre_accept.confirmed') && now.control.preAcceptSdp !== session.sdp) throw new Problem('answer_mismatch');
      return { ...claimed(now, this.#claim(by)), preAcceptSdp: session.sdp };
    });
    const sent = await this.dialog360.preAccept(wacid, session);
    return this.#record(call, 'pre_accept', sent, {
      accepted: (now) => apply(now, { kind: 'pre_accept.confirmed', at: this.clock.now() }),
      refused: (now) => ({ ...now, control: { ...now.control, claim: null, preAcceptSdp: null } }),
      unknown: (now) => now,
    });
  }

  /**
   * Answers. Without a session the pre-accept's SDP is sent again, as Meta requires. Send no media before the 200.
   * @throws Problem `session_required`, `answer_mismatch`, `call_claimed`, `call_ended`, `call_already_answered`, or 360dialog's
   */
  async accept(id: string, session: Session | null, by: Principal): Promise<Answered> {
    let sdp = '';
    const { call, wacid, acceptedBefore } = await this.#prepare(id, 'accept', by, (now) => {
      answerable(now, by, this.clock.now());
      const kept = now.control.preAcceptSdp;
      if (!session && kept === null) throw new Problem('session_required');
      if (session && kept !== null && fact(now.facts, 'pre_accept.confirmed') && session.sdp !== kept) throw new Problem('answer_mismatch');
      sdp = session?.sdp ?? kept ?? '';
      return { ...claimed(now, this.#claim(by)), accepting: { at: this.clock.now(), sdp, lost: false } };
    });
    const sent = await this.dialog360.accept(wacid, { sdp_type: 'answer', sdp }, call.id);
    const confirm = (now: Call) =>
      apply({ ...now, control: { ...now.control, accepting: null } }, { kind: 'accept.confirmed', at: this.clock.now() });
    if (acceptedBefore && sent.outcome === 'refused' && sent.problem.code === 'call_already_answered') {
      // The accept whose answer was lost has arrived after all.
      return this.#record(
        call,
        'accept',
        { ...sent, outcome: 'accepted', value: null },
        { accepted: confirm, refused: confirm, unknown: confirm },
      );
    }
    return this.#record(call, 'accept', sent, {
      accepted: confirm,
      refused: (now) => ({ ...now, control: { ...now.control, accepting: null, claim: null } }),
      unknown: (now) => ({ ...now, control: { ...now.control, accepting: { at: this.clock.now(), sdp, lost: true } } }),
    });
  }

  /** Declines for everybody. @throws Problem `call_claimed`, `call_ended`, `call_already_answered`, or 360dialog's */
  async reject(id: string, by: Principal): Promise<Answered> {
    const { call, wacid } = await this.#prepare(id, 'reject', by, (now) => {
      answerable(now, by, this.clock.now());
      return now.control;
    });
    const sent = await this.dialog360.reject(wacid);
    const over = sent.outcome === 'accepted' && sent.value.alreadyOver;
    const fact: Fact = over
      ? { kind: 'lapsed', at: this.clock.now(), state: 'ringing' }
      : { kind: 'reject.confirmed', at: this.clock.now() };
    return this.#record(call, 'reject', sent, { accepted: (now) => apply(now, fact), refused: (now) => now, unknown: (now) => now });
  }

  /** Gives up the claim, so that somebody else may answer. @throws Problem `call_claimed` for another's claim */
  async release(id: string, by: Principal): Promise<Answered> {
    const { call } = await this.#prepare(id, 'release', by, (now) => {
      answerable(now, by, this.clock.now());
      return { ...now.control, claim: null, lease: null };
    });
    return { status: 200, call };
  }

  #claim(by: Principal) {
    return claimFor(by, this.clock.now() + this.settings.deadlines.claimMs);
  }

  /**
   * Checks a command against the call as it stands, and writes down what it holds, under the number's lock. The timeline tells
   * who asked, even when the command is refused.
   */
  async #prepare(
    id: string,
    verb: string,
    by: Principal,
    control: (now: Call) => ControlState,
  ): Promise<{ call: Call; wacid: string; acceptedBefore: boolean }> {
    const { phoneNumberId } = await this.calls.require(id);
    const prepared = await this.store.write(
      async (tx) => {
        const earlier = await this.calls.require(id, tx);
        const next = checked(() => this.#check(earlier, control));
        if (next instanceof Problem || next === earlier.control) {
          await this.calls.noteCommand(tx, earlier.id, verb, by.name);
          return next instanceof Problem ? next : { earlier, call: earlier };
        }
        const cause = { at: this.clock.now(), kind: 'command', name: verb, data: { by: by.name } } as const;
        return { earlier, call: await this.calls.write(tx, earlier, { ...earlier, control: next }, { cause }) };
      },
      [numberLock(phoneNumberId)],
    );
    if (prepared instanceof Problem) throw prepared;
    const { wacid } = prepared.call;
    if (wacid === null) throw new Problem('call_not_found', { params: { id } });
    return { call: prepared.call, wacid, acceptedBefore: prepared.earlier.control.accepting !== null };
  }

  #check(now: Call, control: (now: Call) => ControlState): ControlState {
    if (now.direction !== 'inbound') throw new Problem('wrong_direction');
    if (this.calls.snapshot(now).derived.state === 'ended') throw new Problem('call_ended');
    return control(now);
  }

  async #record<T>(
    call: Call,
    operation: Operation,
    sent: Sent<T>,
    next: Record<Sent<T>['outcome'], (now: Call) => Call>,
  ): Promise<Answered> {
    const after = await this.store.write(
      (tx) => this.#write(tx, call, operation, sent, next[sent.outcome]),
      [numberLock(call.phoneNumberId)],
    );
    if (sent.outcome === 'refused') throw sent.problem;
    return { status: sent.outcome === 'accepted' ? 200 : 202, call: after };
  }

  async #write<T>(tx: Tx, call: Call, operation: Operation, sent: Sent<T>, next: (now: Call) => Call): Promise<Call> {
    const now = await this.calls.require(call.id, tx);
    if (sent.outcome === 'refused') {
      await this.compliance.recordRefusal(tx, { phoneNumberId: call.phoneNumberId, operation, problem: sent.problem, callId: call.id });
    }
    const over = sent.outcome === 'refused' && sent.problem.code === 'call_ended';
    const after = over ? apply(next(now), { kind: 'lapsed', at: this.clock.now(), state: 'ringing' }) : next(now);
    return this.calls.write(tx, now, after, { exchange: sent.exchange });
  }
}

/** A refusal as a value, so that what was written down before it stays. */
function checked(check: () => ControlState): ControlState | Problem {
  try {
    return check();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
