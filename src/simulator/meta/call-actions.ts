import { DAY, rfc3339 } from '#kernel/clock.js';
import type { JsonRecord } from '#kernel/read.js';
import type { CallSimulation } from '#simulator/play/call-simulation.js';
import type { SimulatorContext } from '#simulator/play/context.js';
import type { SimulatedCall } from '#simulator/world/call.js';
import { sipEnabled } from '#simulator/world/number.js';
import { callLimits, freeAgainAt, heldPermission } from '#simulator/world/permissions.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import { checkMayStartCalls } from './number-checks.js';
import { type CallRequest, readCallRequest } from './read-call.js';
import { MetaRefusal, need } from './refusals.js';

const STARTED_PER_DAY = 10_000;

/** `POST /calling/calls`: Meta's decision about each action. */
export class CallActions {
  constructor(
    private readonly context: SimulatorContext,
    private readonly simulation: CallSimulation,
  ) {}

  /** @throws MetaRefusal in Meta's order: shape, routing, number, person, permission, limits */
  perform(body: unknown): JsonRecord {
    const request = readCallRequest(body);
    if (!this.context.number.callPrimary) throw new MetaRefusal(138038, 'Only the Call primary of this number may act on its calls');
    if (sipEnabled(this.context.number)) throw new MetaRefusal(131055, 'SIP is enabled on this number: use SIP signaling');
    if (request.action === 'connect') {
      const call = this.#connect(request);
      return { messaging_product: 'whatsapp', calls: [{ id: call.id }] };
    }
    this.#act(request);
    return { messaging_product: 'whatsapp', success: true };
  }

  #connect({ user: id, sdp, opaque }: Extract<CallRequest, { action: 'connect' }>): SimulatedCall {
    this.#numberMayCall();
    const user = this.context.users.meet(id);
    need(user, 'to or recipient is not a user');
    this.#personMayBeCalled(user);
    return this.simulation.dial(user, sdp, opaque);
  }

  #numberMayCall(): void {
    const { calls, clock, number } = this.context;
    checkMayStartCalls(number, clock.now());
    if (!number.payment) throw new MetaRefusal(131044, 'There is no valid payment method');
    if (calls.dialledSince(clock.now() - DAY) >= STARTED_PER_DAY)
      throw new MetaRefusal(138005, `${STARTED_PER_DAY} calls were started in 24 hours`);
    if (calls.live().length >= number.maxConcurrentCalls) throw new MetaRefusal(138002, `${number.maxConcurrentCalls} calls are going on`);
  }

  #personMayBeCalled(user: SimulatedUser): void {
    const { calls, clock } = this.context;
    if (user.script.uncallable) throw new MetaRefusal(138001, 'The receiver cannot be called on WhatsApp');
    if (!heldPermission(user, clock.now())) throw new MetaRefusal(138006, 'No approved call permission from the recipient');
    if (calls.liveWith(user)) throw new MetaRefusal(138003, 'A call with this user is already ongoing');
    const freeAt = freeAgainAt(callLimits(user, clock.now()));
    if (freeAt !== null) throw new MetaRefusal(138012, `100 calls were connected in 24 hours; the next is allowed at ${rfc3339(freeAt)}`);
  }

  #act(request: Exclude<CallRequest, { action: 'connect' }>): void {
    const call = this.context.calls.get(request.callId);
    need(call, 'Invalid call id');
    need(call.state !== 'ended', 'The call has already been terminated');
    if (request.action === 'terminate') {
      this.simulation.endByBusiness(call, 'terminate');
      return;
    }
    need(call.direction === 'USER_INITIATED', `${request.action} is for calls that users started`);
    need(call.state === 'ringing', 'The call is already in progress');
    if (request.action === 'reject') this.simulation.endByBusiness(call, 'reject');
    else this.#answer(call, request);
  }

  #answer(call: SimulatedCall, request: Extract<CallRequest, { action: 'pre_accept' | 'accept' }>): void {
    need(call.preAccepted === null || call.preAccepted === request.sdp, 'The SDP answer differs from the one of pre_accept');
    if (request.action === 'pre_accept') {
      if (call.preAccepted === null) this.simulation.preAccept(call, request.sdp);
      return;
    }
    call.opaque = request.opaque;
    this.simulation.accept(call, request.sdp);
  }
}
