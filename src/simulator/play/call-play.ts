import { SECOND } from '#kernel/clock.js';
import { callErrorWebhook, connectWebhook, statusWebhook, terminateWebhook } from '#simulator/webhooks/call-webhooks.js';
import type { SimulatedCall } from '#simulator/world/call.js';
import { metaAnswer, metaOffer, type Session } from '#simulator/world/sdp.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import type { PermissionPlay } from './permission-play.js';
import type { Stage } from './stage.js';

/** Neither side waits longer than this for the other to pick up. */
const RING_LIMIT_SECONDS = 60;
const CONNECT_AFTER_MS = 200;
const RING_AFTER_MS = 600;
const TERMINATE_AFTER_MS = 200;

/** What a user may set for a call that comes in. */
export interface IncomingCall {
  ctaPayload?: string | undefined;
  deeplinkPayload?: string | undefined;
  giveUpAfterSeconds: number;
}

/** The life of a call: what each side does, what the other side's phone makes of it, and which webhooks tell it. */
export class CallPlay {
  constructor(
    private readonly stage: Stage,
    private readonly permissions: PermissionPlay,
  ) {}

  /** The business calls, and may: media is ready after 0.2 s, the phone rings after 0.6 s, then the script acts. */
  dial(user: SimulatedUser, offer: string, opaque: string | undefined): SimulatedCall {
    const call = this.#newCall(user, 'BUSINESS_INITIATED', metaAnswer(this.stage.ids, offer), opaque);
    const { on_call: does, call_after_seconds: after, fail_code: code } = user.script;
    this.#plan(call, CONNECT_AFTER_MS, 'the connect webhook with the SDP answer leaves', () => this.#tellConnect(call));
    if (does === 'busy') {
      this.#plan(call, 1_500, `${user.name} is busy: the call ends without ringing`, () => this.#end(call, 'busy'));
      return call;
    }
    this.#plan(call, RING_LIMIT_SECONDS * SECOND, `nobody answered: the call ends`, () => this.#end(call, 'rang out'));
    if (does === 'unreachable') return call;
    this.#plan(call, RING_AFTER_MS, `${user.name}'s phone rings`, () => this.#ring(call));
    const inMs = RING_AFTER_MS + after * SECOND;
    if (does === 'answer') this.#plan(call, inMs, `${user.name} answers`, () => this.answer(call));
    if (does === 'reject') this.#plan(call, inMs, `${user.name} rejects the call`, () => this.reject(call));
    if (does === 'fail') this.#plan(call, inMs, `the media fails with ${code}`, () => this.#end(call, `failed with ${code}`, code));
    return call;
  }

  /** A user calls the business. The connect webhook with the offer leaves at once. */
  callIn(user: SimulatedUser, { ctaPayload, deeplinkPayload, giveUpAfterSeconds }: IncomingCall): SimulatedCall {
    const call = this.#newCall(user, 'USER_INITIATED', metaOffer(this.stage.ids), undefined);
    Object.assign(call, { state: 'ringing', ctaPayload, deeplinkPayload });
    user.wroteAt = call.startedAt;
    this.#tellConnect(call);
    const patience = Math.min(giveUpAfterSeconds, RING_LIMIT_SECONDS);
    const what = giveUpAfterSeconds < RING_LIMIT_SECONDS ? `${user.name} gives up waiting` : 'nobody accepted: WhatsApp ends the call';
    this.#plan(call, patience * SECOND, what, () => this.#end(call, 'nobody accepted'));
    return call;
  }

  /** Without a payment method Meta tells an error instead of the call. */
  refuseCallIn(user: SimulatedUser): void {
    this.stage.tell(callErrorWebhook(this.stage.number, user, 131_044, 'Business eligibility payment issue'), user.id);
  }

  /** The user picks up a call of the business, or the business accepts one of the user. */
  answer(call: SimulatedCall): void {
    const { user, direction } = call;
    const { clock, number } = this.stage;
    if (direction === 'BUSINESS_INITIATED') this.#ring(call);
    this.stage.agenda.callOff(call.id);
    call.state = 'in_progress';
    call.pickedUpAt = clock.now();
    this.permissions.connected(user);
    if (direction === 'BUSINESS_INITIATED') {
      user.connectedAt.push(call.pickedUpAt);
      user.wroteAt = call.pickedUpAt;
      this.stage.tell(statusWebhook(number, call, 'ACCEPTED', call.pickedUpAt), user.id);
    }
    this.stage.journal.note(`call with ${user.name} is picked up`, call.id);
    const talk = user.script.hang_up_after_seconds;
    if (talk !== null) this.#plan(call, talk * SECOND, `${user.name} hangs up`, () => this.hangUp(call));
  }

  /** The user declines a ringing call of the business. */
  reject(call: SimulatedCall): void {
    this.#ring(call);
    this.stage.tell(statusWebhook(this.stage.number, call, 'REJECTED', this.stage.clock.now()), call.user.id);
    this.#end(call, 'rejected by the user');
  }

  /** The user hangs up, or gives up a call that nobody accepted. */
  hangUp(call: SimulatedCall): void {
    this.#end(call, 'the user hung up');
  }

  /** The business rejected, cancelled or hung up. */
  endByBusiness(call: SimulatedCall, action: 'reject' | 'terminate'): void {
    this.#end(call, action === 'reject' ? 'rejected by the business' : 'the business hung up');
  }

  #newCall(user: SimulatedUser, direction: SimulatedCall['direction'], session: Session, opaque: string | undefined): SimulatedCall {
    const { calls, clock, ids, journal } = this.stage;
    const call = calls.add({
      id: ids.wacid(),
      user,
      direction,
      state: 'connecting',
      startedAt: clock.now(),
      pickedUpAt: null,
      endedAt: null,
      session,
      connectTold: false,
      preAccepted: null,
      opaque,
      ctaPayload: undefined,
      deeplinkPayload: undefined,
      endedBecause: null,
    });
    journal.note(direction === 'USER_INITIATED' ? `${user.name} calls the business` : `the business calls ${user.name}`, call.id);
    return call;
  }

  #tellConnect(call: SimulatedCall): void {
    if (call.connectTold) return;
    call.connectTold = true;
    this.stage.tell(connectWebhook(this.stage.number, call, this.stage.clock.now()), call.user.id);
  }

  #ring(call: SimulatedCall): void {
    if (call.state !== 'connecting') return;
    this.#tellConnect(call);
    call.state = 'ringing';
    this.stage.tell(statusWebhook(this.stage.number, call, 'RINGING', this.stage.clock.now()), call.user.id);
  }

  #end(call: SimulatedCall, because: string, failure: number | null = null): void {
    if (call.state === 'ended') return;
    const { agenda, clock, journal, number } = this.stage;
    agenda.callOff(call.id);
    this.#tellConnect(call);
    call.state = 'ended';
    call.endedAt = clock.now();
    call.endedBecause = because;
    journal.note(`call with ${call.user.name} ended: ${because}`, call.id);
    this.#plan(call, TERMINATE_AFTER_MS, 'the terminate webhook leaves', () =>
      this.stage.tell(terminateWebhook(number, call, failure), call.user.id),
    );
    if (call.direction === 'USER_INITIATED') this.permissions.called(call.user, call.id);
    else if (call.pickedUpAt === null && failure === null) this.permissions.unanswered(call.user);
  }

  #plan(call: SimulatedCall, inMs: number, what: string, run: () => void): void {
    this.stage.agenda.plan(inMs, call.id, what, run);
  }
}
