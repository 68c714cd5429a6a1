import type { Clock } from '#kernel/clock.js';
import type { SimulatedCall } from '#simulator/world/call.js';
import type { Ids } from '#simulator/world/ids.js';
import { metaSession, type SimulatedSession } from '#simulator/world/sdp.js';
import { HeadlessPhone } from './headless-phone.js';
import type { MediaLibrary } from './media-library.js';
import { isReachable } from './reachable.js';
import { SharedMedia } from './shared-media.js';

/** The counters of a call's media; `null` is unknown, as for a page, which exchanges media without the simulator. */
type MediaReport = ReturnType<typeof measure>;

interface CallMedia {
  peer: 'headless' | 'page';
  phone: HeadlessPhone | null;
  /** Is the session still the invented one, to be replaced by that of the phone? */
  preparing: boolean;
  waiting: (() => void)[];
}

const measure = ({ peer, phone }: Partial<Pick<CallMedia, 'peer' | 'phone'>>, now: number) => ({
  peer: peer ?? null,
  connected: phone?.connected ?? null,
  packetsSent: phone?.packetsSent ?? null,
  packetsReceived: phone?.hearing.packets ?? null,
  bytesReceived: phone?.hearing.bytes ?? null,
  lastPacketAt: phone?.hearing.lastAt ?? null,
  speaking: phone ? phone.connected && phone.hearing.speaking(now) : null,
  digits: phone?.hearing.digits ?? null,
});

/**
 * Which phone carries the media of each call: the page that plays the user, a headless one, or none. Headless phones exist
 * only once switched on, and only where the SDP can be reached. A call without a phone goes on without media.
 */
export class Phones {
  readonly #lines = new Map<SimulatedCall, CallMedia>();
  /** Of calls that are over. */
  readonly #reports = new WeakMap<SimulatedCall, MediaReport>();

  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly media = new SharedMedia(),
  ) {}

  /** The business calls with this offer. With a page at the phone, the page's answer is waited for. */
  called(call: SimulatedCall, offer: string, byPage: boolean): void {
    if (byPage) this.#lines.set(call, { peer: 'page', phone: null, preparing: true, waiting: [] });
    else if (isReachable(offer)) this.#prepare(call, (library) => HeadlessPhone.answer(library, offer, () => this.clock.now()));
  }

  /** The user calls; a page brings its own offer along. */
  calling(call: SimulatedCall, ofPage: SimulatedSession | null): void {
    if (!ofPage) this.#prepare(call, (library) => HeadlessPhone.offer(library, () => this.clock.now()));
    else {
      this.#lines.set(call, { peer: 'page', phone: null, preparing: false, waiting: [] });
      call.session = metaSession(this.ids, ofPage);
    }
  }

  /** The page's answer to the business's offer. @returns false when no answer is expected any more */
  answered(call: SimulatedCall, answer: SimulatedSession): boolean {
    const line = this.#lines.get(call);
    if (line?.peer !== 'page' || !line.preparing || call.connectSent) return false;
    this.#ready(call, line, answer);
    return true;
  }

  /** Runs `work` once the call's session is final: now, if no phone is still preparing one. */
  whenReady(call: SimulatedCall, work: () => void): void {
    const line = this.#lines.get(call);
    if (line?.preparing) line.waiting.push(work);
    else work();
  }

  /** The business's answer has come, be it only to warm up. */
  take(call: SimulatedCall, answer: string): void {
    try {
      this.#lines.get(call)?.phone?.take(answer);
    } catch {
      // An SDP that no library can read is as good as one that leads nowhere.
    }
  }

  /** Picked up: from now on the user's side sends. */
  talk(call: SimulatedCall): void {
    this.#lines.get(call)?.phone?.talk();
  }

  /** The call is over. What was counted can still be read. */
  hangUp(call: SimulatedCall): void {
    const line = this.#lines.get(call);
    if (!line) return;
    line.preparing = false;
    line.phone?.hangUp();
    this.#reports.set(call, this.report(call));
    this.#lines.delete(call);
    this.media.headless.delete(call);
  }

  hangUpAll(): void {
    for (const call of this.#lines.keys()) this.hangUp(call);
  }

  /** Is a page the phone of this call? */
  isOfPage(call: SimulatedCall): boolean {
    return this.#lines.get(call)?.peer === 'page';
  }

  report(call: SimulatedCall): MediaReport {
    const line = this.#lines.get(call);
    const before = line?.phone ? undefined : this.#reports.get(call);
    return before ?? measure(line ?? {}, this.clock.now());
  }

  #prepare(call: SimulatedCall, open: (library: MediaLibrary) => Promise<[HeadlessPhone, SimulatedSession]>): void {
    const library = this.media.take(call);
    if (!library) return;
    const line: CallMedia = { peer: 'headless', phone: null, preparing: true, waiting: [] };
    this.#lines.set(call, line);
    library
      .then((library) => library && open(library))
      .then((opened) => {
        if (!opened) this.#without(call, line);
        else if (line.preparing) {
          line.phone = opened[0];
          this.#ready(call, line, opened[1]);
        } else opened[0].hangUp();
      })
      .catch(() => this.#without(call, line));
  }

  #ready(call: SimulatedCall, line: CallMedia, session: SimulatedSession): void {
    call.session = metaSession(this.ids, session);
    line.preparing = false;
    for (const work of line.waiting.splice(0)) work();
  }

  /** The invented session stays. */
  #without(call: SimulatedCall, line: CallMedia): void {
    this.#lines.delete(call);
    this.media.headless.delete(call);
    line.preparing = false;
    for (const work of line.waiting.splice(0)) work();
  }
}
