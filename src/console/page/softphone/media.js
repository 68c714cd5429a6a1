import { openMicrophone, stop } from './microphone.js';
import { onPreferences, preferences } from './preferences.js';
import { faultOf, spokenCodecs } from './sdp.js';

/** Candidates that take longer are left out: Meta learns the address from the first packet anyway. */
const GATHERING_MS = 2_000;
/** RFC 4733 digits as people press them. */
const TONE_MS = 120;
const GAP_MS = 70;

/** The sound of one call, straight between the browser and Meta. Nothing of the microphone is sent before `speak()`. */
export class Media {
  /** @type {RTCPeerConnection} */
  #peer;
  /** @type {RTCRtpSender | null} */
  #sender = null;
  #speaker = new Audio();
  /** @type {() => void} */
  #forget;
  /** @type {Promise<MediaStream> | null} */
  #opening = null;
  #chosen = preferences().input;
  muted = false;
  /** The microphone, once it is open. @type {MediaStream | null} */
  own = null;
  /** What arrives. */
  theirs = new MediaStream();

  /** @param {RTCIceServer[]} iceServers */
  constructor(iceServers) {
    this.#peer = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    this.#speaker.autoplay = true;
    this.#speaker.srcObject = this.theirs;
    this.#peer.addEventListener('track', ({ track }) => this.theirs.addTrack(track));
    this.#forget = onPreferences(() => void this.#follow());
    void this.#choosePlace();
  }

  /** @returns {Promise<{ sdp_type: 'offer', sdp: string }>} with every candidate and the microphone in it */
  async offer() {
    await this.open();
    const transceiver = this.#peer.addTransceiver('audio', { direction: 'sendrecv' });
    this.#use(transceiver);
    await this.speak();
    return this.#describe('offer', await this.#peer.createOffer());
  }

  /** Answers an offer and lets the connection come about, silently. @param {{ sdp: string }} offer */
  async answer({ sdp }) {
    await this.#peer.setRemoteDescription({ type: 'offer', sdp });
    const [transceiver] = this.#peer.getTransceivers();
    if (!transceiver) throw new Error('SDP: m-line');
    transceiver.direction = 'sendrecv';
    this.#use(transceiver);
    return this.#describe('answer', await this.#peer.createAnswer());
  }

  /** The other side's answer to our offer; one that is known already changes nothing. @param {{ sdp: string }} answer */
  async connect({ sdp }) {
    if (this.#peer.signalingState === 'have-local-offer') await this.#peer.setRemoteDescription({ type: 'answer', sdp });
  }

  /** Opens the microphone without sending anything. @throws {import('./microphone.js').MicrophoneError} */
  async open() {
    if (this.own) return;
    this.#opening ??= openMicrophone().finally(() => {
      this.#opening = null;
    });
    const stream = await this.#opening;
    if (this.#peer.signalingState === 'closed') stop(stream);
    else this.own = stream;
  }

  /** Lets the other side hear the microphone. */
  async speak() {
    await this.open();
    const [track] = this.own?.getAudioTracks() ?? [];
    if (!track) return;
    track.enabled = !this.muted;
    await this.#sender?.replaceTrack(track);
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    for (const track of this.own?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  /** Sends a key press, `0`–`9`, `*` or `#`. @param {string} digit @returns {boolean} whether the other side takes any */
  press(digit) {
    const dtmf = this.#sender?.dtmf;
    if (!dtmf?.canInsertDTMF) return false;
    dtmf.insertDTMF(dtmf.toneBuffer + digit, TONE_MS, GAP_MS);
    return true;
  }

  /** Of the connection: `new`, `connecting`, `connected`, `disconnected`, `failed` or `closed`. */
  get state() {
    return this.#peer.connectionState;
  }

  /** How many packets have come so far. */
  async received() {
    const reports = [...(await this.#peer.getStats()).values()];
    return reports.filter(({ type }) => type === 'inbound-rtp').reduce((sum, { packetsReceived = 0 }) => sum + packetsReceived, 0);
  }

  close() {
    this.#forget();
    this.#peer.close();
    this.#speaker.srcObject = null;
    stop(this.own);
    this.own = null;
  }

  /** @param {RTCRtpTransceiver} transceiver */
  #use(transceiver) {
    transceiver.setCodecPreferences(spokenCodecs(RTCRtpReceiver.getCapabilities('audio')?.codecs ?? []));
    this.#sender = transceiver.sender;
  }

  /**
   * @template {'offer' | 'answer'} Type
   * @param {Type} type
   * @param {RTCSessionDescriptionInit} description
   */
  async #describe(type, description) {
    await this.#peer.setLocalDescription(description);
    await gathered(this.#peer);
    const { sdp } = /** @type {RTCSessionDescription} */ (this.#peer.localDescription);
    const fault = faultOf({ type, sdp });
    if (fault) throw new Error(`SDP: ${fault}`);
    return { sdp_type: type, sdp };
  }

  /** Another device was chosen: the call goes on with it. */
  async #follow() {
    await this.#choosePlace();
    const { input } = preferences();
    if (!this.own || input === this.#chosen) return;
    this.#chosen = input;
    const [before, speaking] = [this.own, this.#sender?.track];
    this.own = null;
    try {
      await (speaking ? this.speak() : this.open());
      stop(before);
    } catch {
      this.own = before;
    }
  }

  /** A speaker that is gone gives way to the system's. */
  async #choosePlace() {
    await this.#speaker.setSinkId?.(preferences().output).catch(() => undefined);
  }
}

/** @param {RTCPeerConnection} peer @returns {Promise<void>} */
function gathered(peer) {
  if (peer.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(resolve, GATHERING_MS);
    peer.addEventListener('icegatheringstatechange', () => {
      if (peer.iceGatheringState !== 'complete') return;
      clearTimeout(late);
      resolve();
    });
  });
}
