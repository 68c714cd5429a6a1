import { randomBytes, randomInt } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { PeerConnection, RtcConfig, Track } from 'node-datachannel';
import { Ids } from '#simulator/world/ids.js';
import { type SimulatedSession, shaped, type Transport, transportOf } from '#simulator/world/sdp.js';
import { Hearing } from './hearing.js';
import { newIdentity, type PhoneIdentity } from './identity.js';
import { keepTrack, type MediaLibrary } from './media-library.js';
import { ReservedPort } from './reserved-port.js';
import { readRtp, writeRtp } from './rtp.js';
import { FRAME_MS, FRAME_SAMPLES, TONE } from './tone.js';

/** After a stall of the process the phone sends at most so many late frames. */
const MOST_AT_ONCE = 10;
/** A timeout: host candidates are there within milliseconds, and nothing else is gathered. */
const GATHERING_LIMIT_MS = 2_000;

type Payloads = Pick<Transport, 'mid' | 'opus' | 'digits'>;

/** A phone that calls: its offer is out, and it waits for the answer. */
interface OutgoingCall {
  reservedPort: ReservedPort;
  identity: PhoneIdentity;
  ufrag: string;
  password: string;
}

/**
 * A phone without a person: a real media peer that plays a tone and measures what it hears. It connects as soon as it has the
 * other side's description, and is silent until `talk`. It runs in real time, not by the simulator's clock.
 */
export class HeadlessPhone {
  readonly hearing = new Hearing();
  packetsSent = 0;
  readonly #ssrc = randomInt(1, 2 ** 32);
  readonly #first = { sequence: randomInt(2 ** 16), timestamp: randomInt(2 ** 32) };
  #peer: PeerConnection | null = null;
  #track: Track | null = null;
  #caller: OutgoingCall | null = null;
  #timer: NodeJS.Timeout | null = null;
  #hungUp = false;

  private constructor(
    private readonly library: MediaLibrary,
    private readonly payloads: Payloads,
    private readonly now: () => number,
  ) {}

  /**
   * The phone is called.
   * @param now the time of what is heard, in ms
   * @throws when the library cannot make sense of the offer
   */
  static async answer(library: MediaLibrary, offer: string, now: () => number): Promise<[HeadlessPhone, SimulatedSession]> {
    const phone = new HeadlessPhone(library, transportOf(offer), now);
    try {
      return [phone, { sdp_type: 'answer', sdp: await phone.#answer(phone.#open(), offer) }];
    } catch (error) {
      phone.hangUp();
      throw error;
    }
  }

  /** The phone calls: `take` the answer when there is one. */
  static async offer(library: MediaLibrary, now: () => number): Promise<[HeadlessPhone, SimulatedSession]> {
    const phone = new HeadlessPhone(library, { mid: 'audio', opus: 111, digits: 126 }, now);
    const reservedPort = await ReservedPort.reserve();
    const [ufrag, password] = [randomBytes(6).toString('hex'), randomBytes(16).toString('hex')];
    phone.#caller = { reservedPort, identity: newIdentity(), ufrag, password };
    return [phone, { sdp_type: 'offer', sdp: phone.#offer(phone.#caller) }];
  }

  /**
   * The first answer connects; another one changes nothing. The library checks the other side's certificate against a
   * description that it stores only after it has begun to connect, and fails when the other side was faster. An offer it
   * stores in time. So the peer comes to be only now, and takes the answer for an offer; as ice-lite, so that this side
   * stays the controlling one.
   * @throws when the library cannot make sense of the answer
   */
  take(answer: string): void {
    const caller = this.#caller;
    if (!caller) return;
    this.#caller = null;
    const { certificate, key } = caller.identity;
    const { port } = caller.reservedPort;
    caller.reservedPort.release();
    const peer = this.#open({ certificatePemFile: certificate, keyPemFile: key, portRangeBegin: port, portRangeEnd: port });
    peer.setRemoteDescription(
      answer.replace(/^t=.*\r?\n/m, (line) => `${line}a=ice-lite\r\n`),
      'offer',
    );
    peer.setLocalDescription('answer', { iceUfrag: caller.ufrag, icePwd: caller.password });
  }

  get connected(): boolean {
    return !this.#hungUp && this.#peer?.state() === 'connected';
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
    this.#caller?.reservedPort.release();
    this.#caller = null;
    this.#track?.close();
    this.#peer?.close();
  }

  #play(frame: number): void {
    const payload = TONE[frame % TONE.length];
    if (!payload || !this.#track?.isOpen()) return;
    const sequence = this.#first.sequence + frame;
    const timestamp = this.#first.timestamp + frame * FRAME_SAMPLES;
    const packet = { payloadType: this.payloads.opus, marker: this.packetsSent === 0, sequence, timestamp, ssrc: this.#ssrc, payload };
    if (this.#track.sendMessageBinary(writeRtp(packet))) this.packetsSent += 1;
  }

  #hear(bytes: Buffer): void {
    const packet = readRtp(bytes);
    if (packet && !this.#hungUp) this.hearing.hear(packet, this.payloads.digits, this.now());
  }

  /** The library's peer, with one track. */
  #open(more: Partial<RtcConfig> = {}): PeerConnection {
    const { PeerConnection, Audio, RtcpReceivingSession } = this.library;
    const peer = new PeerConnection('phone', { iceServers: [], disableAutoNegotiation: true, ...more });
    this.#peer = peer;
    const audio = new Audio(this.payloads.mid, 'SendRecv');
    audio.addOpusCodec(this.payloads.opus, 'minptime=20;useinbandfec=1');
    if (this.payloads.digits !== null) audio.addAudioCodec(this.payloads.digits, 'telephone-event/8000');
    audio.addSSRC(this.#ssrc, 'WhatsAppAudioStream1');
    this.#track = peer.addTrack(audio);
    keepTrack(this.#track);
    this.#track.setMediaHandler(new RtcpReceivingSession());
    this.#track.onMessage((bytes) => this.#hear(bytes));
    return peer;
  }

  #offer({ reservedPort, identity: { fingerprint }, ufrag, password }: OutgoingCall): string {
    const { port } = reservedPort;
    const where = { port, candidates: reservedPort.candidates(), ufrag, password, fingerprint };
    return shaped(new Ids(), { ...where, ...this.payloads, setup: 'actpass', ssrc: this.#ssrc });
  }

  async #answer(peer: PeerConnection, offer: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error('no candidates were gathered')), GATHERING_LIMIT_MS).unref();
    peer.onGatheringStateChange((state) => state === 'complete' && resolve());
    try {
      peer.setRemoteDescription(offer, 'offer');
      peer.setLocalDescription('answer');
      await promise;
    } finally {
      clearTimeout(timer);
    }
    const sdp = peer.localDescription()?.sdp;
    if (!sdp) throw new Error('the library made no description');
    return sdp;
  }
}
