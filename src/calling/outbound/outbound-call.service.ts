import { Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import type { Intent } from '#access/idempotency/idempotency.service.js';
import type { Spending } from '#access/keys/limits/key-limits.js';
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
import { CommitmentsService } from './commitments.service.js';
import { DialService } from './dial.service.js';
import { dialWith, firstFacts } from './first-facts.js';
import { PermissionRequestService } from './permission-request.service.js';
import type { RequestContent } from './request-content.js';

const UPSTREAM_PROBLEMS = [
  'number_paused',
  'number_removing',
  'key_budget_used',
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
  /** What a client of Meta's shape gives along; undefined for every other. */
  metaShaped?: Pick<Call, 'callbackData' | 'connectedBy'>;
}

/** The user to ask, and how. */
type PermissionWish = Pick<CallWish, 'phoneNumberId' | 'user' | 'content'>;

/** Places outbound calls in two steps: obtains the permission, then connects. */
@Injectable()
export class OutboundCallService {
  constructor(
    private readonly callees: CalleesService,
    private readonly calls: CallsService,
    private readonly gates: CallGatesService,
    private readonly dials: DialService,
    private readonly requests: PermissionRequestService,
    private readonly commitments: CommitmentsService,
    private readonly clock: Clock,
  ) {}

  /**
   * Both steps, as far as they go now. Status 201: dialled.
   * @throws Problem of the first gate that fails, or as 360dialog refused
   */
  makeCall(wish: CallWish, by: Principal, intent: Intent): Promise<CommandResult> {
    return this.commitments.inTurn(by, kindsOf(wish), () => this.#makeCall(wish, by, intent));
  }

  async #makeCall(wish: CallWish, by: Principal, intent: Intent): Promise<CommandResult> {
    const callee = await this.callees.addressed(by, wish.user, wish.phoneNumberId);
    await this.gates.refuseCallInProgress(callee.number, callee.person);
    const step = await this.gates.step(callee.number, callee.person, {
      hasOffer: wish.session !== null,
      mayAskUser: wish.mayAskUser,
      hasTemplate: wish.content.template !== undefined,
    });
    if (step.do === 'refuse') throw new Problem(step.code, { retryAt: step.until });
    const { session } = wish;
    const call = this.#newCall(callee, wish, step);
    const { call: begun, spent } = await this.commitments.begin(call, callee, spendingOf(step, session), by, intent);
    if (step.do === 'ask') {
      const asked = await this.commitments.send(spent, () => this.requests.askFor(begun, callee.person, wish.content));
      return { status: 202, call: asked };
    }
    if (step.do === 'wait' || !session) return { status: 202, call: begun };
    return resultOf(await this.commitments.send(spent, () => this.dials.dial(begun, session)));
  }

  /** Step two for a call that waits in `ready`. @throws Problem `call_not_ready`, `call_ended`, or a gate's */
  async connect(id: string, session: Session, by: Principal, intent: Intent): Promise<CommandResult> {
    await this.calls.noteCommandOn(id, 'connect', by);
    const waiting = await this.calls.require(by, id);
    this.#assertReady(waiting);
    return this.commitments.inTurn(by, ['dial'], () => this.#dial(waiting, session, by, intent));
  }

  async #dial(waiting: Call, session: Session, by: Principal, intent: Intent): Promise<CommandResult> {
    const { number, person } = await this.callees.known(by, waiting);
    const step = await this.gates.step(number, person, { hasOffer: true, mayAskUser: false, hasTemplate: false });
    if (step.do === 'refuse') throw new Problem(step.code, { retryAt: step.until });
    const dialled = (now: Call) => {
      this.#assertReady(now);
      return apply(now, dialWith(session, this.clock.now()));
    };
    const { call, spent } = await this.commitments.dial(waiting, dialled, by, intent);
    return resultOf(await this.commitments.send(spent, () => this.dials.dial(call, session)));
  }

  /** Step one alone. @returns the message id, null when it is unknown whether the request was sent */
  requestPermission(wish: PermissionWish, by: Principal): Promise<Callee & { messageId: string | null }> {
    return this.commitments.inTurn(by, ['ask'], () => this.#requestPermission(wish, by));
  }

  async #requestPermission(wish: PermissionWish, by: Principal): Promise<Callee & { messageId: string | null }> {
    const { number, person } = await this.callees.addressed(by, wish.user, wish.phoneNumberId);
    await this.gates.assertMayAsk(number, person, wish.content.template !== undefined);
    const spent = await this.commitments.ask(number, by);
    const ask = () => this.requests.ask(number.phoneNumberId, person, wish.content);
    return { number, person, messageId: await this.commitments.send(spent, ask) };
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
      ...wish.metaShaped,
    } as const;
    return withControl(newCall(origin, firstFacts(step, createdAt, wish.session)), { lease: wish.lease });
  }

  #assertReady(call: Call): void {
    if (call.direction !== 'outbound') throw new Problem('wrong_direction');
    const { state } = this.calls.snapshot(call).derived;
    if (state === 'ended') throw new Problem('call_ended');
    if (state !== 'ready') throw new Problem('call_not_ready', { params: { state } });
  }
}

/** What a wish may spend; empty while it may come to wait. */
const kindsOf = ({ session, mayAskUser }: CallWish): Spending[] => {
  if (!session) return [];
  return mayAskUser ? ['dial', 'ask'] : ['dial'];
};

/** What the next step sends; null when the call waits. */
const spendingOf = (step: NextStep, session: Session | null): Spending | null => {
  if (step.do === 'ask') return 'ask';
  return step.do === 'wait' || !session ? null : 'dial';
};

/** A dial without a response may not have reached 360dialog. */
const resultOf = (call: Call): CommandResult => ({ status: fact(call.facts, 'dial.accepted') ? 201 : 202, call });
