import type { SimulatedSession } from './sdp.js';
import type { SimulatedUser } from './user.js';

/** One call as Meta sees it. Times are ms since 1970. */
export interface SimulatedCall {
  id: string;
  user: SimulatedUser;
  direction: 'BUSINESS_INITIATED' | 'USER_INITIATED';
  /** `connecting` until the phone rings. */
  state: 'connecting' | 'ringing' | 'in_progress' | 'ended';
  startedAt: number;
  pickedUpAt: number | null;
  endedAt: number | null;
  /** Meta's side: the answer to our offer, or the offer of the user's call. */
  session: SimulatedSession;
  /** Has the connect webhook left? */
  connectSent: boolean;
  preAccepted: string | null;
  /** The SDP of the business: its offer, or its newest answer to the user's call. */
  ofBusiness: string | null;
  opaque?: string | undefined;
  ctaPayload?: string | undefined;
  deeplinkPayload?: string | undefined;
  /** Why it ended, for people; never on the wire. */
  endedBecause: string | null;
}

type Beginning = Pick<SimulatedCall, 'id' | 'user' | 'direction' | 'startedAt' | 'session'>;

/** A call: what is not given has not happened yet. */
export const newCall = (known: Beginning & Partial<SimulatedCall>): SimulatedCall => ({
  state: 'connecting',
  pickedUpAt: null,
  endedAt: null,
  connectSent: false,
  preAccepted: null,
  ofBusiness: null,
  endedBecause: null,
  ...known,
});

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
