import { SECOND } from '#kernel/clock.js';
import { callErrorWebhook, connectWebhook, statusWebhook, terminateWebhook } from '#simulator/webhooks/call-webhooks.js';
import { SimulatedCall } from '#simulator/world/call.js';
import { metaAnswer, metaOffer, type SimulatedSession } from '#simulator/world/sdp.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import type { SimulatorContext } from './context.js';
import type { PermissionSimulation } from './permission-simulation.js';

/** Neither side waits longer than this for the other to pick up. */
const RING_LIMIT_SECONDS = 60;
const CONNECT_AFTER_MS = 200;
const RING_AFTER_MS = 600;
const TERMINATE_AFTER_MS = 200;
/** The timeout for the SDP of a phone. */
const PREPARING_LIMIT_MS = 3_000;
/** A page that reloads within this time stays the same phone. */
const PAGE_GRACE_MS = 5_000;

/** What a user may set for a call that comes in. */
interface IncomingCall {
  ctaPayload?: string | undefined;
  deeplinkPayload?: string | undefined;
  giveUpAfterSeconds: number;
  /** The offer of the page that plays this user; without one the simulator makes it. */
  session?: SimulatedSession | null;
}

/** The subject of plans about a call's media alone. */
const preparing = ({ id }: SimulatedCall): string => `media of ${id}`;

/** The life of a call: what each side does, how the phone reacts, and which webhooks leave. */
export class CallSimulation {
  constructor(
    private readonly context: SimulatorContext,
    private readonly permissions: PermissionSimulation,
  ) {}

  /** The business calls, and may: media is ready after 0.2 s, the phone rings after 0.6 s, then the script acts. */
  dial(user: SimulatedUser, offer: string, opaque: string | undefined): SimulatedCall {
    const call = this.#newCall(user, 'BUSINESS_INITIATED', metaAnswer(this.context.ids, offer), opaque);
    const byPage = this.context.pages.has(user);
    call.ofBusiness = offer;
    this.context.phones.called(call, offer, byPage);
    const { call_after_seconds: after, fail_code: code } = user.script;
    const does = byPage ? 'no_answer' : user.script.on_call;
    this.#plan(call, CONNECT_AFTER_MS, 'the connect webhook with the SDP answer leaves', () => this.#connect(call));
    if (does === 'busy') {
      this.#plan(call, 1_500, `${user.name} is busy: the call ends without ringing`, () => this.#end(call, 'busy'));
      return call;
    }
    this.#plan(call, RING_LIMIT_SECONDS * SECOND, 'no answer: the call ends', () => this.#end(call, 'rang out'));
    if (does === 'unreachable') return call;
    this.#plan(call, RING_AFTER_MS, `${user.name}'s phone rings`, () => this.#ring(call));
    const inMs = RING_AFTER_MS + after * SECOND;
    if (does === 'answer') this.#script(call, inMs, `${user.name} answers`, () => this.answer(call));
    if (does === 'reject') this.#script(call, inMs, `${user.name} rejects the call`, () => this.reject(call));
    if (does === 'fail') this.#script(call, inMs, `the media fails with ${code}`, () => this.#end(call, `failed with ${code}`, code));
    return call;
  }

  /** A user calls the business. The connect webhook with the offer leaves at once. */
  callIn(user: SimulatedUser, { ctaPayload, deeplinkPayload, giveUpAfterSeconds, session = null }: IncomingCall): SimulatedCall {
    const call = this.#newCall(user, 'USER_INITIATED', metaOffer(this.context.ids), undefined);
    Object.assign(call, { state: 'ringing', ctaPayload, deeplinkPayload });
    user.wroteAt = call.startedAt;
    this.context.phones.calling(call, session);
    this.#connect(call);
    const timeoutSeconds = Math.min(giveUpAfterSeconds, RING_LIMIT_SECONDS);
    const what = giveUpAfterSeconds < RING_LIMIT_SECONDS ? `${user.name} gives up waiting` : 'not accepted: WhatsApp ends the call';
    this.#plan(call, timeoutSeconds * SECOND, what, () => this.#end(call, 'nobody accepted'));
    return call;
  }

  /** The business warms up the media of a user's call: it may connect, and stays silent. */
  preAccept(call: SimulatedCall, answer: string): void {
    call.preAccepted = answer;
    call.ofBusiness = answer;
    this.context.phones.take(call, answer);
  }

  /** The business accepts a user's call. */
  accept(call: SimulatedCall, answer: string): void {
    if (call.preAccepted === null) this.context.phones.take(call, answer);
    call.ofBusiness = answer;
    this.answer(call);
  }

  /** The page of this user is closed: its call ends unless the page returns within 5 s. */
  pageClosed(user: SimulatedUser): void {
    if (this.context.pages.has(user) || !this.#callOfPage(user)) return;
    this.context.agenda.plan(PAGE_GRACE_MS, user.id, `${user.name}'s page is closed: the call ends`, () => {
      const call = this.#callOfPage(user);
      if (call && !this.context.pages.has(user)) this.hangUp(call);
    });
  }

  /** Without a payment method Meta sends an error webhook instead of the call. */
  refuseCallIn(user: SimulatedUser): void {
    this.context.send(callErrorWebhook(this.context.number, user, 131_044, 'Business eligibility payment issue'), user.id);
  }

  /** The user picks up a call of the business, or the business accepts one of the user. */
  answer(call: SimulatedCall): void {
    const { user, direction } = call;
    const { clock, number } = this.context;
    if (direction === 'BUSINESS_INITIATED') this.#ring(call);
    this.#sendConnect(call);
    this.context.agenda.callOff(call.id);
    call.state = 'in_progress';
    call.pickedUpAt = clock.now();
    this.permissions.connected(user);
    this.context.phones.talk(call);
    if (direction === 'BUSINESS_INITIATED') {
      user.connectedAt.push(call.pickedUpAt);
      user.wroteAt = call.pickedUpAt;
      this.context.send(statusWebhook(number, call, 'ACCEPTED', call.pickedUpAt), user.id);
    }
    this.context.journal.note(`call with ${user.name} is picked up`, call.id);
    const talk = user.script.hang_up_after_seconds;
    if (talk !== null) this.#script(call, talk * SECOND, `${user.name} hangs up`, () => this.hangUp(call));
  }

  /** The user declines a ringing call of the business. */
  reject(call: SimulatedCall): void {
    this.#ring(call);
    this.context.send(statusWebhook(this.context.number, call, 'REJECTED', this.context.clock.now()), call.user.id);
    this.#end(call, 'rejected by the user');
  }

  /** The user hangs up, or gives up an unanswered call. */
  hangUp(call: SimulatedCall): void {
    this.#end(call, 'the user hung up');
  }

  /** The business rejected, cancelled or hung up. */
  endByBusiness(call: SimulatedCall, action: 'reject' | 'terminate'): void {
    this.#end(call, action === 'reject' ? 'rejected by the business' : 'the business hung up');
  }

  #newCall(
    user: SimulatedUser,
    direction: SimulatedCall['direction'],
    session: SimulatedSession,
    opaque: string | undefined,
  ): SimulatedCall {
    const { calls, clock, ids, journal } = this.context;
    const call = calls.add(new SimulatedCall(ids.wacid(), user, direction, clock.now(), session));
    call.opaque = opaque;
    journal.note(direction === 'USER_INITIATED' ? `${user.name} calls the business` : `the business calls ${user.name}`, call.id);
    return call;
  }

  #callOfPage(user: SimulatedUser): SimulatedCall | undefined {
    const live = this.context.calls.liveWith(user);
    if (!live || !this.context.phones.isOfPage(live)) return undefined;
    return live.state === 'in_progress' || live.direction === 'USER_INITIATED' ? live : undefined;
  }

  /** The connect webhook leaves as soon as the phone has its SDP, and in any case soon. */
  #connect(call: SimulatedCall): void {
    this.context.phones.whenReady(call, () => this.#sendConnect(call));
    if (call.connectSent) return;
    this.context.agenda.plan(PREPARING_LIMIT_MS, preparing(call), 'the phone has no media: the call goes on without', () =>
      this.#sendConnect(call),
    );
  }

  #sendConnect(call: SimulatedCall): void {
    if (call.connectSent) return;
    call.connectSent = true;
    this.context.agenda.callOff(preparing(call));
    this.context.send(connectWebhook(this.context.number, call, this.context.clock.now()), call.user.id);
  }

  #ring(call: SimulatedCall): void {
    if (call.state !== 'connecting') return;
    this.#connect(call);
    call.state = 'ringing';
    this.context.send(statusWebhook(this.context.number, call, 'RINGING', this.context.clock.now()), call.user.id);
  }

  #end(call: SimulatedCall, because: string, failure: number | null = null): void {
    if (call.state === 'ended') return;
    const { agenda, clock, journal, number } = this.context;
    agenda.callOff(call.id);
    this.#sendConnect(call);
    call.state = 'ended';
    call.endedAt = clock.now();
    call.endedBecause = because;
    this.context.phones.hangUp(call);
    journal.note(`call with ${call.user.name} ended: ${because}`, call.id);
    this.#plan(call, TERMINATE_AFTER_MS, 'the terminate webhook leaves', () =>
      this.context.send(terminateWebhook(number, call, failure), call.user.id),
    );
    if (call.direction === 'USER_INITIATED') this.permissions.called(call.user, call.id);
    else if (call.pickedUpAt === null && failure === null) this.permissions.unanswered(call.user);
  }

  /** Like `#plan`, but it does nothing while a page plays the user. */
  #script(call: SimulatedCall, inMs: number, what: string, run: () => void): void {
    const { pages } = this.context;
    if (!pages.has(call.user)) this.#plan(call, inMs, what, () => pages.has(call.user) || run());
  }

  #plan(call: SimulatedCall, inMs: number, what: string, run: () => void): void {
    this.context.agenda.plan(inMs, call.id, what, run);
  }
}
