import { Injectable } from '@nestjs/common';
import type { Intent } from '#access/idempotency/idempotency.service.js';
import { apply, type Call, type Fact, fact, type Lease, newCall } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { CallGatesService } from '#calling/preflight/call-gates.service.js';
import type { Session } from '#dialog360/fact.js';
import { type Callee, CalleesService } from '#identity/callees.service.js';
import type { Naming } from '#identity/person.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { Problem } from '#kernel/problem.js';
import { numberLock, Store, type Tx } from '#store/store.js';
import { DialService } from './dial.service.js';
import { PermissionRequestService, type RequestContent } from './permission-request.service.js';

/** Whom to call, and how. */
export interface CallWish {
  phoneNumberId?: string | undefined;
  user: Naming;
  /** What the caller typed for the user. */
  input: string;
  /** Our offer; without one a call with permission waits. */
  session: Session | null;
  /** `false` for `permission_request.mode: "never"`. */
  mayAskUser: boolean;
  asking: RequestContent;
  reference: string | null;
  /** The longest the call may wait or ring, in ms; null for the configured deadlines. */
  giveUpAfterMs: number | null;
  /** Of the softphone that dials; null for everybody else. */
  lease: Lease | null;
}

/** A call and the HTTP status that tells how far it came: 201 dialled, 202 waiting or of unknown outcome. */
export interface Placed {
  status: 201 | 202;
  call: Call;
}

/** Outbound calls in two steps: obtain permission, then connect. */
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

  /** Both steps, as far as they go now. @throws Problem of the first gate that fails, or as 360dialog refused */
  async makeCall(wish: CallWish, intent: Intent): Promise<Placed> {
    const callee = await this.callees.addressed(wish.user, wish.phoneNumberId);
    const { number, person } = callee;
    await this.gates.refuseSecondCall(this.store.read, number, person);
    const step = await this.gates.step(number, person, {
      hasOffer: wish.session !== null,
      mayAskUser: wish.mayAskUser,
      hasTemplate: wish.asking.template !== undefined,
    });
    if (step.do === 'refuse') throw new Problem(step.code, { retryAt: step.until });
    const begin = (facts: Fact[]) => (tx: Tx) => this.#begin(tx, callee, wish, intent, facts);
    const granted: Fact = { kind: 'granted', at: this.clock.now(), expiresAt: step.do === 'wait' ? step.permissionEndsAt : null };
    if (step.do === 'ask') return { status: 202, call: await this.requests.askFor(number.phoneNumberId, person, wish.asking, begin([])) };
    if (step.do === 'wait' || !wish.session) {
      return { status: 202, call: await this.store.write(begin([granted]), [numberLock(number.phoneNumberId)]) };
    }
    const dialing: Fact = { kind: 'dialing', at: this.clock.now() };
    return placed(await this.dials.dial(number.phoneNumberId, wish.session, begin([granted, dialing])));
  }

  /** Step two for a call that waits in `ready`. @throws Problem `call_not_ready`, `call_ended`, or a gate's */
  async connect(id: string, session: Session, intent: Intent): Promise<Placed> {
    const waiting = await this.calls.require(id);
    this.#assertReady(waiting);
    const { number, person } = await this.callees.known(waiting.personId, waiting.phoneNumberId);
    const step = await this.gates.step(number, person, { hasOffer: true, mayAskUser: false, hasTemplate: false });
    if (step.do === 'refuse') throw new Problem(step.code, { retryAt: step.until });
    return placed(
      await this.dials.dial(number.phoneNumberId, session, async (tx) => {
        const call = await this.calls.require(waiting.id, tx);
        this.#assertReady(call);
        await intent.record(tx, call.id);
        return this.calls.write(tx, call, apply(call, { kind: 'dialing', at: this.clock.now() }));
      }),
    );
  }

  /** Step one alone. @returns the message id, null when nobody knows whether the request went out */
  async requestPermission(wish: Pick<CallWish, 'phoneNumberId' | 'user' | 'asking'>): Promise<Callee & { messageId: string | null }> {
    const { number, person } = await this.callees.addressed(wish.user, wish.phoneNumberId);
    await this.gates.assertMayAsk(number, person, wish.asking.template !== undefined);
    return { number, person, messageId: await this.requests.ask(number.phoneNumberId, person, wish.asking) };
  }

  /** A process died after this call's intent was committed: nobody knows what became of it, and nobody repeats it. */
  async abandoned(id: string): Promise<Call> {
    const { phoneNumberId } = await this.calls.require(id);
    return this.store.write(
      async (tx) => {
        const call = await this.calls.require(id, tx);
        const dangling = fact(call.facts, 'dialing') && !fact(call.facts, 'dial.accepted') && !fact(call.facts, 'dial.refused');
        return dangling ? this.calls.write(tx, call, apply(call, { kind: 'dial.lost', at: this.clock.now() })) : call;
      },
      [numberLock(phoneNumberId)],
    );
  }

  /** The call and the caller's claim on the person, in one transaction: of two at once, one finds the other's call. */
  async #begin(tx: Tx, { number, person }: Callee, wish: CallWish, intent: Intent, facts: Fact[]): Promise<Call> {
    await this.gates.refuseSecondCall(tx, number, person);
    const call = newCall(
      {
        id: newId('call'),
        phoneNumberId: number.phoneNumberId,
        personId: person.id,
        direction: 'outbound',
        input: wish.input,
        reference: wish.reference,
        createdAt: this.clock.now(),
        giveUpAfterMs: wish.giveUpAfterMs,
      },
      facts,
    );
    await intent.record(tx, call.id);
    return this.calls.write(tx, null, { ...call, control: { ...call.control, lease: wish.lease } });
  }

  #assertReady(call: Call): void {
    if (call.direction !== 'outbound') throw new Problem('wrong_direction');
    const { state } = this.calls.snapshot(call).derived;
    if (state === 'ended') throw new Problem('call_ended');
    if (state !== 'ready') throw new Problem('call_not_ready', { params: { state } });
  }
}

/** A dial whose answer was lost has not been placed for certain. */
const placed = (call: Call): Placed => ({ status: fact(call.facts, 'dial.accepted') ? 201 : 202, call });
