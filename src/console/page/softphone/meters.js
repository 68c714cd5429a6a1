/** The levels of both sides, and why one is silent. */

const LOOK_MS = 100;
const SILENT_MS = 3_000;
/** −60 dB of full scale, below the noise of an empty room. */
const SILENT = 0.001;

/** @type {AudioContext | null} */
let context = null;
/** One for the page: browsers allow only a few. It runs once the operator has clicked anywhere. */
export function sound() {
  context ??= new AudioContext();
  if (context.state === 'suspended') context.resume().catch(() => undefined);
  return context;
}

/** @typedef {{ own: number, theirs: number, cause: string | null }} Levels 0 to 1; `cause` says why a side is silent */
/** @import { Media } from './media.js' */

/**
 * Watches the sound of a call.
 * @param {Media} media
 * @param {(heard: Levels) => void} report levels, ten times a second;
 *   `cause` after 3 s of silence: `no_path`, `no_packets`, `quiet`, `unplugged` or `microphone`
 * @returns {() => void} stops watching
 */
export function watch(media, report) {
  const [own, theirs] = [new Ear(), new Ear()];
  let packets = { count: -1, changedAt: performance.now() };
  const timer = setInterval(async () => {
    const now = performance.now();
    const levels = { own: own.listen(media.own, now), theirs: theirs.listen(media.theirs, now) };
    const count = await media.received().catch(() => packets.count);
    if (count !== packets.count) packets = { count, changedAt: now };
    report({ ...levels, cause: causeOf(media, { own, theirs, packets }, now) });
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    own.leave();
    theirs.leave();
  };
}

/**
 * @param {Media} media
 * @param {{ own: Ear, theirs: Ear, packets: { changedAt: number } }} heard
 * @param {number} now
 */
function causeOf(media, { own, theirs, packets }, now) {
  const [track] = media.own?.getAudioTracks() ?? [];
  if (track?.readyState === 'ended') return 'unplugged';
  // While the page's sound is held back by the browser, nothing is known of levels.
  const deaf = sound().state !== 'running';
  const silent = (/** @type {number} */ since) => now - since >= SILENT_MS;
  if (silent(packets.changedAt)) return media.state === 'connected' ? 'no_packets' : 'no_path';
  if (deaf) return null;
  if (!media.muted && track && silent(own.heardAt)) return 'microphone';
  return silent(theirs.heardAt) ? 'quiet' : null;
}

/** Measures one stream with its current tracks. */
class Ear {
  /** @type {AnalyserNode | null} */
  #analyser = null;
  /** @type {MediaStreamAudioSourceNode | null} */
  #source = null;
  /** @type {MediaStreamTrack | null} */
  #track = null;
  #samples = new Float32Array();
  heardAt = performance.now();

  /**
   * @param {MediaStream | null} stream
   * @param {number} now
   * @returns {number} the level now, 0 to 1
   */
  listen(stream, now) {
    const [track = null] = stream?.getAudioTracks() ?? [];
    if (track !== this.#track) this.#attach(track, now);
    if (!this.#analyser) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const level = Math.sqrt(this.#samples.reduce((sum, value) => sum + value * value, 0) / this.#samples.length);
    if (level >= SILENT) this.heardAt = now;
    // Ears hear ratios: −60 dB is an empty meter, 0 dB a full one.
    return Math.max(0, 1 + Math.log10(Math.max(level, SILENT)) / 3);
  }

  leave() {
    this.#source?.disconnect();
    this.#source = null;
    this.#analyser = null;
    this.#track = null;
  }

  /**
   * @param {MediaStreamTrack | null} track
   * @param {number} now
   */
  #attach(track, now) {
    this.leave();
    this.heardAt = now;
    this.#track = track;
    if (!track) return;
    this.#analyser = new AnalyserNode(sound(), { fftSize: 4_096 });
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#source = sound().createMediaStreamSource(new MediaStream([track]));
    this.#source.connect(this.#analyser);
  }
}
