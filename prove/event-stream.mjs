import http from 'node:http';
import { API_KEY } from './gateway.mjs';

/**
 * One connection to `GET /api/events`, read as the HTML standard says. An id counts as soon as its block is complete, so a
 * connection may be cut in the middle of anything.
 */
export class EventStream {
  closed = false;
  /** The other side ended it in order, after a whole block. */
  complete = false;
  #text = '';

  /**
   * @param {number} port
   * @param {{ lastEventId?: string | null, onEvent: (event: any, id: string) => void, onId?: (id: string) => void, onReset?: () => void }} options
   */
  constructor(port, { lastEventId = null, onEvent, onId = () => undefined, onReset = () => undefined }) {
    Object.assign(this, { onEvent, onId, onReset });
    const resume = lastEventId ? { 'last-event-id': lastEventId } : {};
    const headers = { authorization: `Bearer ${API_KEY}`, accept: 'text/event-stream', ...resume };
    this.opened = new Promise((open) => {
      this.request = http.get({ host: '127.0.0.1', port, path: '/api/events', headers, agent: false }, (answer) => {
        this.status = answer.statusCode;
        open();
        answer.setEncoding('utf8').on('data', (text) => this.#read(text));
        answer.on('error', () => undefined);
        answer.on('end', () => {
          this.complete = answer.complete && this.#text === '';
        });
      });
      this.request.on('error', () => undefined);
      this.request.on('close', () => {
        this.closed = true;
        open();
      });
    });
  }

  /** Cuts the connection; no event is reported after it. */
  cut() {
    this.closed = true;
    this.request.destroy();
  }

  #read(text) {
    if (this.closed) return;
    const blocks = (this.#text + text).split('\n\n');
    this.#text = blocks.pop();
    for (const block of blocks) this.#notify(Object.fromEntries(block.split('\n').map(fieldOf)));
  }

  #notify({ id, event, data }) {
    if (event === 'reset') this.onReset();
    else if (event === undefined && data !== undefined) this.onEvent(JSON.parse(data), id);
    if (id !== undefined) this.onId(id);
  }
}

function fieldOf(line) {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}
