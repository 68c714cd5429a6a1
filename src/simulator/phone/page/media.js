/** How long candidates are waited for; those of this machine are there at once. */
const GATHERING_LIMIT_MS = 1_000;

/** The sound of one call: this browser is the media peer of the business. Nothing is sent before `talk`. */
export class Media {
  #peer = new RTCPeerConnection();
  #sender = null;
  #microphone = null;
  #sound = new Audio();
  #context = null;
  #meters = {};
  #taken = false;
  #talking = false;

  constructor() {
    this.#peer.addEventListener('track', ({ track }) => {
      const stream = new MediaStream([track]);
      this.#sound.srcObject = stream;
      this.#sound.play().catch(() => undefined);
      this.#listen('in', stream);
    });
  }

  get lost() {
    return ['disconnected', 'failed'].includes(this.#peer.connectionState);
  }

  /** Asks for the microphone; only a click may do so. @returns whether there is one */
  async openMicrophone() {
    this.#context ??= new AudioContext();
    await this.#context.resume();
    for (const [name, { stream }] of Object.entries(this.#meters)) this.#listen(name, stream);
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      [this.#microphone] = stream.getAudioTracks();
      this.#listen('out', stream);
      return true;
    } catch {
      return false;
    }
  }

  async offer() {
    this.#sender = this.#peer.addTransceiver('audio', { direction: 'sendrecv' }).sender;
    await this.#peer.setLocalDescription(await this.#peer.createOffer());
    return this.#gathered();
  }

  async answer({ sdp }) {
    this.#taken = true;
    await this.#peer.setRemoteDescription({ type: 'offer', sdp });
    const [audio] = this.#peer.getTransceivers();
    audio.direction = 'sendrecv';
    this.#sender = audio.sender;
    await this.#peer.setLocalDescription(await this.#peer.createAnswer());
    return this.#gathered();
  }

  /** The business's answer to our offer; a second one is the same. */
  async take({ sdp }) {
    if (this.#taken) return;
    this.#taken = true;
    await this.#peer.setRemoteDescription({ type: 'answer', sdp });
  }

  /** Picked up: the microphone is sent from now on. */
  async talk() {
    if (this.#talking || !this.#microphone || !this.#sender) return;
    this.#talking = true;
    await this.#sender.replaceTrack(this.#microphone);
  }

  mute(muted) {
    if (this.#microphone) this.#microphone.enabled = !muted;
  }

  /** @returns 0 to 1, of `in` (the business) or `out` (the microphone as it is sent) */
  level(name) {
    const meter = this.#meters[name];
    if (!meter?.analyser) return 0;
    meter.analyser.getFloatTimeDomainData(meter.samples);
    const power = meter.samples.reduce((sum, sample) => sum + sample * sample, 0) / meter.samples.length;
    return Math.min(1, Math.sqrt(power) * 4);
  }

  close() {
    this.#peer.close();
    this.#sound.srcObject = null;
    this.#microphone?.stop();
    this.#context?.close();
  }

  #listen(name, stream) {
    this.#meters[name] = { stream };
    if (!this.#context) return;
    const analyser = this.#context.createAnalyser();
    this.#context.createMediaStreamSource(stream).connect(analyser);
    this.#meters[name] = { stream, analyser, samples: new Float32Array(analyser.fftSize) };
  }

  async #gathered() {
    const { promise, resolve } = Promise.withResolvers();
    const done = () => this.#peer.iceGatheringState === 'complete' && resolve();
    this.#peer.addEventListener('icegatheringstatechange', done);
    setTimeout(resolve, GATHERING_LIMIT_MS);
    done();
    await promise;
    const { type, sdp } = this.#peer.localDescription;
    return { sdp_type: type, sdp };
  }
}
