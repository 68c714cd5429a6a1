import { randomInt } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { PeerConnection, Track } from 'node-datachannel';
import { type Session, type Transport, transportOf } from '#simulator/world/sdp.js';
import { Hearing } from './hearing.js';
import { keepTrack, type MediaLibrary } from './media-library.js';
import { readRtp, writeRtp } from './rtp.js';
import { FRAME_MS, FRAME_SAMPLES, TONE } from './tone.js';

/** After a pause of the process the phone catches up with so many frames and skips the rest. */
const MOST_AT_ONCE = 10;
/** Host candidates are there within milliseconds; nothing else is gathered. */
const GATHERING_LIMIT_MS = 2_000;

type Payloads = Pick<Transport, 'mid' | 'opus' | 'digits'>;

/**
 * A phone without a person: a real media peer that plays a tone and measures what it hears. It connects as soon as it has the
 * other side's description, and is silent until `talk`. Its pace is real time, whatever the simulator's clock says.
 */
export class HeadlessPhone {
  readonly hearing = new Hearing();
  packetsSent = 0;
  readonly #peer: PeerConnection;
  readonly #track: Track;
  readonly #ssrc = randomInt(1, 2 ** 32);
  readonly #first = { sequence: randomInt(2 ** 16), timestamp: randomInt(2 ** 32) };
  #timer: NodeJS.Timeout | null = null;
  #hungUp = false;

  private constructor(
    { PeerConnection, Audio, RtcpReceivingSession }: MediaLibrary,
    private readonly payloads: Payloads,
    private readonly now: () => number,
  ) {
    this.#peer = new PeerConnection('phone', { iceServers: [], disableAutoNegotiation: true });
    const audio = new Audio(payloads.mid, 'SendRecv');
    audio.addOpusCodec(payloads.opus, 'minptime=20;useinbandfec=1');
    if (payloads.digits !== null) audio.addAudioCodec(payloads.digits, 'telephone-event/8000');
    audio.addSSRC(this.#ssrc, 'WhatsAppAudioStream1');
    this.#track = this.#peer.addTrack(audio);
    keepTrack(this.#track);
    this.#track.setMediaHandler(new RtcpReceivingSession());
    this.#track.onMessage((bytes) => this.#hear(bytes));
  }

  /**
   * The phone is called.
   * @param now the time of what is heard, in ms
   * @throws when the library cannot make sense of the offer
   */
  static async answer(library: MediaLibrary, offer: string, now: () => number): Promise<[HeadlessPhone, Session]> {
    const phone = new HeadlessPhone(library, transportOf(offer), now);
    return [phone, await phone.#describe('answer', () => phone.#peer.setRemoteDescription(offer, 'offer'))];
  }

  /** The phone calls: `take` the answer when there is one. */
  static async offer(library: MediaLibrary, now: () => number): Promise<[HeadlessPhone, Session]> {
    const phone = new HeadlessPhone(library, { mid: 'audio', opus: 111, digits: 126 }, now);
    return [phone, await phone.#describe('offer')];
  }

  /** @throws when the library cannot make sense of the answer */
  take(answer: string): void {
    this.#peer.setRemoteDescription(answer, 'answer');
  }

  get connected(): boolean {
    return !this.#hungUp && this.#peer.state() === 'connected';
  }

  /** The tone begins, and reaches the other side as soon as the two are connected. */
  talk(): void {
    if (this.#timer || this.#hungUp) return;
    const began = performance.now();
    let frame = 0;
    this.#timer = setInterval(() => {
      const due = Math.floor((performance.now() - began) / FRAME_MS);
      for (frame = Math.max(frame, due - MOST_AT_ONCE); frame < due; frame += 1) this.#play(frame);
    }, FRAME_MS).unref();
  }

  /** Ends media at once; what was counted stays. */
  hangUp(): void {
    if (this.#hungUp) return;
    this.#hungUp = true;
    if (this.#timer) clearInterval(this.#timer);
    this.#track.close();
    this.#peer.close();
  }

  #play(frame: number): void {
    const payload = TONE[frame % TONE.length];
    if (!payload || !this.#track.isOpen()) return;
    const sequence = this.#first.sequence + frame;
    const timestamp = this.#first.timestamp + frame * FRAME_SAMPLES;
    const packet = { payloadType: this.payloads.opus, marker: this.packetsSent === 0, sequence, timestamp, ssrc: this.#ssrc, payload };
    if (this.#track.sendMessageBinary(writeRtp(packet))) this.packetsSent += 1;
  }

  #hear(bytes: Buffer): void {
    const packet = readRtp(bytes);
    if (packet && !this.#hungUp) this.hearing.hear(packet, this.payloads.digits, this.now());
  }

  async #describe(type: Session['sdp_type'], before?: () => void): Promise<Session> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error('no candidates were gathered')), GATHERING_LIMIT_MS).unref();
    this.#peer.onGatheringStateChange((state) => state === 'complete' && resolve());
    try {
      before?.();
      this.#peer.setLocalDescription(type);
      await promise;
      const sdp = this.#peer.localDescription()?.sdp;
      if (!sdp) throw new Error('the library made no description');
      return { sdp_type: type, sdp };
    } catch (error) {
      this.hangUp();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
