// The sound of the two bots: one WebRTC audio line that sends frames of Opus and keeps those that it hears.
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { library, tracks } from './library.mjs';
import { frameOf, packetOf } from './rtp.mjs';

export class Line {
  heard = [];
  #peer = new library.PeerConnection('bot', { iceServers: [], disableAutoNegotiation: true });
  #rtp = { type: 111, sequence: randomInt(2 ** 15), ssrc: randomInt(1, 2 ** 32) };

  /** The answer to an offer; without one, an offer of our own, which `take(answer)` completes. */
  async describe(offer = '') {
    this.#rtp.type = Number(/^a=rtpmap:(\d+) opus\/48000/im.exec(offer)?.[1] ?? 111);
    const audio = new library.Audio(/^a=mid:(\S+)/m.exec(offer)?.[1] ?? 'audio', 'SendRecv');
    audio.addOpusCodec(this.#rtp.type, 'minptime=20;useinbandfec=1');
    audio.addSSRC(this.#rtp.ssrc, 'bot');
    this.track = this.#peer.addTrack(audio);
    tracks.push(this.track);
    this.track.setMediaHandler(new library.RtcpReceivingSession());
    this.track.onMessage((packet) => (packet[1] & 127) === this.#rtp.type && this.heard.push(frameOf(packet)));
    const gathered = new Promise((done) => this.#peer.onGatheringStateChange((state) => state === 'complete' && done()));
    if (offer) this.#peer.setRemoteDescription(offer, 'offer');
    this.#peer.setLocalDescription(offer ? 'answer' : 'offer');
    await gathered;
    return { sdp_type: offer ? 'answer' : 'offer', sdp: this.#peer.localDescription().sdp };
  }
  take(answer) {
    this.#peer.setRemoteDescription(answer, 'answer');
  }
  /** Sends each frame at its time, while the line is open. */
  async play(frames, began = performance.now()) {
    for (const [i, frame] of frames.entries()) {
      await pause(Math.max(0, began + i * 20 - performance.now()));
      this.#rtp.sequence += 1;
      if (this.track.isOpen()) this.track.sendMessageBinary(packetOf(frame, this.#rtp));
    }
  }
  close() {
    this.track?.close();
    this.#peer.close();
  }
}
