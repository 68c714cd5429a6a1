import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { type Body, RECIPES } from './stage.js';

const offer = JSON.parse(readFileSync(join(RECIPES, '../examples/offer.json'), 'utf8'));

/**
 * Runs the page of the web phone as a browser of that origin would, the rule of cross-origin requests included; only the
 * sound is left out.
 */
export class Page {
  readonly peers: Array<{ remote: Body; closed: boolean }> = [];
  readonly #elements: Record<string, Body> = { dial: { elements: { to: { value: '' } } }, 'hang-up': {}, said: { textContent: '' } };

  constructor(private readonly origin: string) {
    const { peers } = this;
    class Peer {
      iceGatheringState = 'complete';
      localDescription: Body = null;
      readonly seen = { remote: null, closed: false };
      constructor() {
        peers.push(this.seen);
      }
      addTrack(): void {}
      createOffer = async () => ({ type: 'offer', sdp: offer.sdp });
      setLocalDescription = async (description: Body) => Object.assign(this, { localDescription: description });
      setRemoteDescription = async (description: Body) => Object.assign(this.seen, { remote: description });
      close(): void {
        this.seen.closed = true;
      }
    }
    const microphone = { getAudioTracks: () => [{ stop: () => undefined }] };
    runInNewContext(readFileSync(join(RECIPES, 'web-phone.page.js'), 'utf8'), {
      document: { getElementById: (id: string) => this.#elements[id] },
      navigator: { language: 'es-MX', mediaDevices: { getUserMedia: async () => microphone } },
      RTCPeerConnection: Peer,
      fetch: (target: string, options?: RequestInit) => this.#fetch(new URL(target, origin), options),
      setTimeout,
      Date,
    });
  }

  get said(): string {
    return this.#elements.said.textContent;
  }

  call(to: string): void {
    this.#elements.dial.elements.to.value = to;
    this.#elements.dial.onsubmit({ preventDefault: () => undefined });
  }

  hangUp(): void {
    this.#elements['hang-up'].onclick();
  }

  async #fetch(url: URL, options: RequestInit = {}): Promise<Response> {
    if (url.origin === this.origin) return fetch(url, { ...options, headers: { ...options.headers, 'sec-fetch-site': 'same-origin' } });
    const asked = {
      origin: this.origin,
      'access-control-request-method': options.method ?? 'GET',
      'access-control-request-headers': 'authorization',
    };
    this.#check(await fetch(url, { method: 'OPTIONS', headers: asked }));
    return this.#check(await fetch(url, { ...options, headers: { ...options.headers, origin: this.origin } }));
  }

  #check(answer: Response): Response {
    if (answer.headers.get('access-control-allow-origin') !== this.origin) throw new TypeError('Failed to fetch: CORS');
    return answer;
  }
}
