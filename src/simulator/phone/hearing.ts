import type { RtpPacket } from './rtp.js';

/** Opus says silence in 3 bytes, and browsers code a muted microphone in little more; speech at 20 ms takes 30 and up. */
const SPEECH_BYTES = 16;
/** Half a second of 20 ms frames. */
const WINDOW = 25;
/** So many frames of the window must carry sound: one click is no speech. */
const ENOUGH = 5;
const STILL_AFTER_MS = 500;
const DIGITS = '0123456789*#ABCD';

/** What one side receives, without decoding it: how much, how recently, whether there is speech, and the digits pressed. */
export class Hearing {
  packets = 0;
  bytes = 0;
  /** Ms since 1970; null before the first packet. */
  lastAt: number | null = null;
  /** Keys pressed by the other side. @see RFC 4733 */
  digits = '';
  #sizes: number[] = [];
  #digitAt: number | null = null;

  /** Counts one packet. @param digitsType the payload type of telephone events; null when there is none */
  hear({ payloadType, payload, timestamp }: RtpPacket, digitsType: number | null, now: number): void {
    this.packets += 1;
    this.bytes += payload.length;
    this.lastAt = now;
    if (payloadType === digitsType) this.#digit(payload, timestamp);
    else this.#sizes = [...this.#sizes.slice(1 - WINDOW), payload.length];
  }

  /** Whether the last half second carries speech. */
  speaking(now: number): boolean {
    if (this.lastAt === null || now - this.lastAt > STILL_AFTER_MS) return false;
    return this.#sizes.filter((size) => size >= SPEECH_BYTES).length >= ENOUGH;
  }

  /** All packets of one key press carry the timestamp of its start. */
  #digit(payload: Buffer, timestamp: number): void {
    if (timestamp === this.#digitAt) return;
    this.#digitAt = timestamp;
    this.digits += DIGITS[payload[0] ?? -1] ?? '';
  }
}
