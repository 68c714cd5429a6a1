import { Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import { apply, type Call, type ControlState, type Fact, fact, withControl } from '#calling/call/call.js';
import type { CommandResult } from '#calling/call/call-commands.service.js';
import { CallsService } from '#calling/call/calls.service.js';
import { assertAnswerable, claimed } from '#calling/call/claim.js';
import { EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import { Settings } from '#config/settings.js';
import type { Operation, Sent } from '#dialog360/exchange.js';
import type { Session } from '#dialog360/fact.js';
import { NOTHING_SENT } from '#error-catalogue/nothing-sent.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Lines } from '#numbers/lines.js';
import type { Tx } from '#store/store.js';

/** The error codes of `release`, which sends nothing to 360dialog. */
export const RELEASE_PROBLEMS = ['call_not_found', 'call_claimed', 'call_ended', 'call_already_answered', 'wrong_direction'] as const;
/** The error codes of `reject`. */
export const REJECT_PROBLEMS = [
  ...RELEASE_PROBLEMS,
  'not_call_primary',
  ...NOTHING_SENT,
  'number_unproven',
  'other_number',
  'upstream_key_rejected',
  'upstream_refused',
] as const;
/** The error codes of `preAccept`. */
export const PRE_ACCEPT_PROBLEMS = [...REJECT_PROBLEMS, 'answer_mismatch', 'number_removing'] as const;
/** The error codes of `accept`. */
export const ACCEPT_PROBLEMS = [...PRE_ACCEPT_PROBLEMS, 'session_required'] as const;

/** A checked command: the call with its new control state, and whether an accept was sent before. */
interface Prepared {
  call: Call;
  wacid: string;
  acceptedBefore: boolean;
}

/** A call before and after its change of control, or the refusal as a value, so that the transaction keeps the note. */
type Controlled = { before: Call; call: Call } | Problem;

/** The control state of a call after a command. @throws Problem its refusal */
type Control = (now: Call) => ControlState;

const same = (now: Call): Call => now;
const UNCLAIMED = (now: Call): ControlState => ({ ...now.control, claim: null, lease: null });

/** Answers inbound calls: pre-accept, accept, reject, release. The first to pre-accept or accept claims the call. */
@Injectable()
export class InboundCallService {
  constructor(
    private readonly calls: CallsService,
    private readonly lines: Lines,
    private readonly numbers: NumbersService,
    private readonly compliance: EligibilityService,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** Warms the media up. @throws Problem of `PRE_ACCEPT_PROBLEMS` */
  async preAccept(id: string, session: Session, by: Principal): Promise<CommandResult> {
    const { call, wacid } = await this.#prepare(id, 'pre-accept', by, (now) => {
      if (fact(now.facts, 'pre_accept.confirmed') && now.control.preAcceptSdp !== session.sdp) throw new Problem('answer_mismatch');
      return { ...this.#claimed(now, by), preAcceptSdp: session.sdp };
    });
    const sent = await this.lines.of(call.phoneNumberId).preAccept(wacid, session);
    return this.#record(call, 'pre_accept', sent, {
      accepted: (now) => apply(now, { kind: 'pre_accept.confirmed', at: this.clock.now() }),
      refused: (now) => withControl(now, { claim: null, preAcceptSdp: null }),
      unknown: same,
    });
  }

  /**
   * Answers. Without a session the gateway sends the pre-accept's SDP again, as Meta requires. Send no media before the 200.
   * @param callbackData kept of the call from then on; null leaves it as it is
   * @throws Problem of `ACCEPT_PROBLEMS`
   */
  async accept(id: string, session: Session | null, by: Principal, callbackData: string | null = null): Promise<CommandResult> {
    let sdp = '';
    const answering = (now: Call): ControlState => {
      sdp = sdpOfAccept(now, session);
      return { ...this.#claimed(now, by), accepting: { at: this.clock.now(), sdp, lost: false } };
    };
    const { call, wacid, acceptedBefore } = await this.#prepare(id, 'accept', by, answering, callbackData);
    const sent = await this.lines.of(call.phoneNumberId).accept(wacid, { sdp_type: 'answer', sdp }, call.id);
    // The accept without a response has reached Meta after all.
    const reached = acceptedBefore && sent.outcome === 'refused' && sent.problem.code === 'call_already_answered';
    return this.#record(call, 'accept', reached ? { ...sent, outcome: 'accepted', value: null } : sent, {
      accepted: (now) => apply(withControl(now, { accepting: null }), { kind: 'accept.confirmed', at: this.clock.now() }),
      refused: (now) => withControl(now, { accepting: null, claim: null }),
      unknown: (now) => withControl(now, { accepting: { at: this.clock.now(), sdp, lost: true } }),
    });
  }

  /** Declines for every operator. @throws Problem of `REJECT_PROBLEMS` */
  async reject(id: string, by: Principal): Promise<CommandResult> {
    const { call, wacid } = await this.#prepare(id, 'reject', by, (now) => now.control);
    const sent = await this.lines.of(call.phoneNumberId).reject(wacid);
    const at = this.clock.now();
    const over = sent.outcome === 'accepted' && sent.value.alreadyOver;
    const end: Fact = over ? { kind: 'lapsed', at, state: 'ringing' } : { kind: 'reject.confirmed', at };
    return this.#record(call, 'reject', sent, { accepted: (now) => apply(now, end), refused: same, unknown: same });
  }

  /** Gives up the claim, so that another operator may answer. @throws Problem of `RELEASE_PROBLEMS` */
  async release(id: string, by: Principal): Promise<CommandResult> {
    const found = await this.calls.require(by, id);
    const released = await this.calls.change(found, (tx, now) => this.#control(tx, now, 'release', by, UNCLAIMED));
    return { status: 200, call: preparedOf(released, id).call };
  }

  #claimed(now: Call, by: Principal): ControlState {
    return claimed(now, by, this.clock.now() + this.settings.deadlines.claimMs);
  }

  /**
   * Checks a command against the call as it stands and commits its new control state. The timeline notes the command, even
   * when it is refused. The commit waits for no disk: after a power cut the call is as if the command had never come, and 360dialog
   * answers a second one.
   */
  async #prepare(id: string, verb: string, by: Principal, next: Control, callbackData: string | null = null): Promise<Prepared> {
    const found = await this.calls.require(by, id);
    if (verb !== 'reject') this.#assertStays(found.phoneNumberId);
    const control = (tx: Tx, now: Call) => this.#control(tx, now, verb, by, next, callbackData);
    return preparedOf(await this.calls.changeUnsynced(found, control), id);
  }

  /** A number that is being removed takes no more calls. @throws Problem `number_removing` */
  #assertStays(phoneNumberId: string): void {
    if (this.numbers.byId(phoneNumberId)?.state === 'removing') throw removing(phoneNumberId);
  }

  async #control(
    tx: Tx,
    before: Call,
    verb: string,
    by: Principal,
    next: Control,
    callbackData: string | null = null,
  ): Promise<Controlled> {
    const control = this.#check(before, by, next);
    if (control instanceof Problem || control === before.control) {
      await this.calls.noteCommand(tx, before.id, verb, by.name);
      return control instanceof Problem ? control : { before, call: before };
    }
    const cause = { at: this.clock.now(), kind: 'command', name: verb, data: { by: by.name } } as const;
    const call = { ...before, control, callbackData: callbackData ?? before.callbackData };
    return { before, call: await this.calls.write(tx, before, call, { causes: [cause] }) };
  }

  /** The new control state, or the refusal as a value, so that the transaction keeps the note. */
  #check(now: Call, by: Principal, next: (now: Call) => ControlState): ControlState | Problem {
    if (now.direction !== 'inbound') return new Problem('wrong_direction');
    if (this.calls.snapshot(now).derived.state === 'ended') return new Problem('call_ended');
    try {
      assertAnswerable(now, by, this.clock.now());
      return next(now);
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  }

  async #record<T>(
    call: Call,
    operation: Operation,
    sent: Sent<T>,
    next: Record<Sent<T>['outcome'], (now: Call) => Call>,
  ): Promise<CommandResult> {
    const after = await this.calls.change(call, (tx, now) => this.#write(tx, now, operation, sent, next[sent.outcome]));
    if (sent.outcome === 'refused') throw sent.problem;
    return { status: sent.outcome === 'accepted' ? 200 : 202, call: after };
  }

  async #write<T>(tx: Tx, now: Call, operation: Operation, sent: Sent<T>, next: (now: Call) => Call): Promise<Call> {
    const { exchange } = sent;
    if (sent.outcome === 'accepted') await this.compliance.recordAction(tx, now.phoneNumberId);
    if (sent.outcome !== 'refused') return this.calls.write(tx, now, next(now), { exchange });
    const { problem } = sent;
    await this.compliance.recordRefusal(tx, { phoneNumberId: now.phoneNumberId, operation, problem, callId: now.id });
    const over = problem.code === 'call_ended';
    const after = over ? apply(next(now), { kind: 'lapsed', at: this.clock.now(), state: 'ringing' }) : next(now);
    return this.calls.write(tx, now, after, { exchange });
  }
}

const removing = (phoneNumberId: string): Problem => new Problem('number_removing', { params: { phone_number_id: phoneNumberId } });

function preparedOf(controlled: Controlled, id: string): Prepared {
  if (controlled instanceof Problem) throw controlled;
  const { before, call } = controlled;
  if (call.wacid === null) throw new Problem('call_not_found', { params: { id } });
  return { call, wacid: call.wacid, acceptedBefore: before.control.accepting !== null };
}

/** The SDP of an accept: the given one, or that of the pre-accept. @throws Problem `session_required`, `answer_mismatch` */
function sdpOfAccept(now: Call, session: Session | null): string {
  const { preAcceptSdp } = now.control;
  const sdp = session?.sdp ?? preAcceptSdp;
  if (sdp === null) throw new Problem('session_required');
  if (preAcceptSdp !== null && sdp !== preAcceptSdp && fact(now.facts, 'pre_accept.confirmed')) throw new Problem('answer_mismatch');
  return sdp;
}
