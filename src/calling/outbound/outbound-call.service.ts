import { Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import type { Intent } from '#access/idempotency/idempotency.service.js';
import { apply, type Call, fact, type Lease, newCall, withControl } from '#calling/call/call.js';
import type { CommandResult } from '#calling/call/call-commands.service.js';
import { CallsService } from '#calling/call/calls.service.js';
import { CallGatesService } from '#calling/preflight/call-gates.service.js';
import type { NextStep } from '#calling/preflight/next-step.js';
import type { Session } from '#dialog360/fact.js';
import { NOTHING_SENT } from '#error-catalogue/nothing-sent.js';
import { type Callee, CalleesService } from '#identity/callees.service.js';
import type { Identifiers } from '#identity/person.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { Problem } from '#kernel/problem.js';
import { numberLock, Store } from '#store/store.js';
import { DialService } from './dial.service.js';
import { dialWith, firstFacts } from './first-facts.js';
import { PermissionRequestService, type RequestContent } from './permission-request.service.js';

const UPSTREAM_PROBLEMS = [
  'number_paused',
  'number_removing',
  'rate_limited',
  ...NOTHING_SENT,
  'number_unproven',
  'other_number',
  'upstream_key_rejected',
  'upstream_refused',
] as const;

/** The error codes of both steps; each verb adds its own. */
const CALL_PROBLEMS = [
  'permission_required',
  'call_limit_reached',
  'calling_disabled',
  'calling_restricted',
  'not_call_primary',
  ...UPSTREAM_PROBLEMS,
] as const;

/** The error codes of `makeCall`. */
export const MAKE_CALL_PROBLEMS = [
  ...CALL_PROBLEMS,
  'call_in_progress',
  'permission_request_limit_reached',
  'window_closed',
  'country_not_supported',
  'sip_enabled',
  'user_unreachable',
  'number_required',
  'unknown_number',
  'idempotency_key_reused',
  'request_in_progress',
] as const;

/** The error codes of `connect`. */
export const CONNECT_PROBLEMS = [...CALL_PROBLEMS, 'call_not_found', 'call_not_ready', 'call_ended', 'wrong_direction'] as const;

/** The error codes of `requestPermission`. */
export const REQUEST_PERMISSION_PROBLEMS = [
  'permission_request_limit_reached',
  'permission_already_permanent',
  'window_closed',
  'template_unavailable',
  'calling_disabled',
  'calling_restricted',
  'not_call_primary',
  'number_required',
  'unknown_number',
  ...UPSTREAM_PROBLEMS,
] as const;

/** The user to call, and how. */
export interface CallWish {
  phoneNumberId?: string | undefined;
  user: Identifiers;
  /** The user as the client wrote it. */
  input: string;
  /** Our offer; without one a call with permission waits. */
  session: Session | null;
  /** `false` for `permission_request.mode: "never"`. */
  mayAskUser: boolean;
  content: RequestContent;
  reference: string | null;
  /** The longest the call may wait or ring, in ms; null for the configured deadlines. */
  giveUpAfterMs: number | null;
  /** The lease of the softphone that dials; null for every other client. */
  lease: Lease | null;
}

/** Places outbound calls in two steps: obtains the permission, then connects. */
@Injectable()
export class OutboundCallService {
  constructor(
    private readonly callees: CalleesService,
    private readonly calls: CallsService,
    private readonly gates: CallGatesService,
    private readonly dials: DialService,
    private readonly requests: PermissionRequestService,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /**
   * Both steps, as far as they go now. Status 201: dialled.
   * @throws Problem of the first gate that fails, or as 360dialog refused
   */
  async makeCall(wish: CallWish, by: Principal, intent: Intent): Promise<CommandResult> {
    const callee = await this.callees.addressed(by, wish.user, wish.phoneNumberId);
    await this.gates.refuseCallInProgress(callee.number, callee.person);
    const step = await this.gates.step(callee.number, callee.person, {
      hasOffer: wish.session !== null,
      mayAskUser: wish.mayAskUser,
      hasTemplate: wish.content.template !== undefined,
    });
    if (step.do === 'refuse') throw new Problem(step.code, { retryAt: step.until });
    const begun = await this.#begin(this.#newCall(callee, wish, step), callee, by, intent);
    if (step.do === 'ask') return { status: 202, call: await this.requests.askFor(begun, callee.person, wish.content) };
    if (step.do === 'wait' || !wish.session) return { status: 202, call: begun };
    return resultOf(await this.dials.dial(begun, wish.session));
  }

  /** Step two for a call that waits in `ready`. @throws Problem `call_not_ready`, `call_ended`, or a gate's */
  async connect(id: string, session: Session, by: Principal, intent: Intent): Promise<CommandResult> {
    await this.calls.noteCommandOn(id, 'connect', by);
    const waiting = await this.calls.require(by, id);
    this.#assertReady(waiting);
    const { number, person } = await this.callees.known(by, waiting);
    const step = await this.gates.step(number, person, { hasOffer: true, mayAskUser: false, hasTemplate: false });
    if (step.do === 'refuse') throw new Problem(step.code, { retryAt: step.until });
    const committed = await this.calls.change(waiting, async (tx, call) => {
      this.#assertReady(call);
      await this.callees.assertInUse(call, tx);
      await intent.record(tx, call.id);
      return this.calls.write(tx, call, apply(call, dialWith(session, this.clock.now())));
    });
    return resultOf(await this.dials.dial(committed, session));
  }

  /** Step one alone. @returns the message id, null when it is unknown whether the request was sent */
  async requestPermission(
    wish: Pick<CallWish, 'phoneNumberId' | 'user' | 'content'>,
    by: Principal,
  ): Promise<Callee & { messageId: string | null }> {
    const { number, person } = await this.callees.addressed(by, wish.user, wish.phoneNumberId);
    await this.gates.assertMayAsk(number, person, wish.content.template !== undefined);
    await this.callees.assertInUse(number);
    return { number, person, messageId: await this.requests.ask(number.phoneNumberId, person, wish.content) };
  }

  #newCall({ number, person }: Callee, wish: CallWish, step: NextStep): Call {
    const createdAt = this.clock.now();
    const origin = {
      id: newId('call'),
      phoneNumberId: number.phoneNumberId,
      personId: person.id,
      direction: 'outbound',
      input: wish.input,
      reference: wish.reference,
      createdAt,
      giveUpAfterMs: wish.giveUpAfterMs,
    } as const;
    return withControl(newCall(origin, firstFacts(step, createdAt, wish.session)), { lease: wish.lease });
  }

  /** Commits a call and its intent in one transaction: of two requests at once, one finds the other's call. */
  #begin(call: Call, { number, person }: Callee, by: Principal, intent: Intent): Promise<Call> {
    return this.store.write(
      async (tx) => {
        await this.callees.assertInUse(number, tx);
        await this.gates.refuseSecondCall(tx, number, person);
        await intent.record(tx, call.id);
        await this.calls.noteCommand(tx, call.id, 'make-call', by.name);
        return this.calls.write(tx, null, call);
      },
      [numberLock(number.phoneNumberId)],
    );
  }

  #assertReady(call: Call): void {
    if (call.direction !== 'outbound') throw new Problem('wrong_direction');
    const { state } = this.calls.snapshot(call).derived;
    if (state === 'ended') throw new Problem('call_ended');
    if (state !== 'ready') throw new Problem('call_not_ready', { params: { state } });
  }
}

/** A dial without a response may not have reached 360dialog. */
const resultOf = (call: Call): CommandResult => ({ status: fact(call.facts, 'dial.accepted') ? 201 : 202, call });
