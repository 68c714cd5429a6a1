import type { SimulatedSession } from './sdp.js';
import type { SimulatedUser } from './user.js';

/** One call as Meta sees it. Times are ms since 1970. */
export class SimulatedCall {
  /** `connecting` until the phone rings. */
  state: 'connecting' | 'ringing' | 'in_progress' | 'ended' = 'connecting';
  pickedUpAt: number | null = null;
  endedAt: number | null = null;
  /** Has the connect webhook left? */
  connectSent = false;
  preAccepted: string | null = null;
  /** The SDP of the business: its offer, or its newest answer to the user's call. */
  ofBusiness: string | null = null;
  opaque: string | undefined;
  ctaPayload: string | undefined;
  deeplinkPayload: string | undefined;
  /** Why it ended, for people; never on the wire. */
  endedBecause: string | null = null;

  /** @param session Meta's side: the answer to our offer, or the offer of the user's call */
  constructor(
    readonly id: string,
    readonly user: SimulatedUser,
    readonly direction: 'BUSINESS_INITIATED' | 'USER_INITIATED',
    readonly startedAt: number,
    public session: SimulatedSession,
  ) {}
}

/** Every call of this run, by wacid. */
export class Calls {
  readonly #calls = new Map<string, SimulatedCall>();

  add(call: SimulatedCall): SimulatedCall {
    this.#calls.set(call.id, call);
    return call;
  }

  get(id: string): SimulatedCall | undefined {
    return this.#calls.get(id);
  }

  all(): SimulatedCall[] {
    return [...this.#calls.values()];
  }

  /** The calls that have not ended. */
  live(): SimulatedCall[] {
    return this.all().filter(({ state }) => state !== 'ended');
  }

  /** The live call with this user; there is at most one. */
  liveWith(user: SimulatedUser): SimulatedCall | undefined {
    return this.live().find((call) => call.user === user);
  }

  /** How many calls the business started since a moment. */
  dialledSince(moment: number): number {
    return this.all().filter(({ direction, startedAt }) => direction === 'BUSINESS_INITIATED' && startedAt > moment).length;
  }
}
