/** One block of Server-Sent Events. A field that the block does not have is undefined. */
export interface Frame {
  /** Empty: clears the last event id. */
  id?: string;
  /** Undefined for a block that carries an event of the gateway. */
  event?: string;
  data?: string;
  /** Ms to wait before the next connection. */
  retry?: number;
}

/**
 * Reads Server-Sent Events from chunks of text, wherever they are cut.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class FrameReader {
  #rest = '';
  #frame: Frame = {};

  /** The blocks that this chunk completes. */
  push(chunk: string): Frame[] {
    const text = this.#rest + chunk;
    // The next chunk may begin with the other half of this line break.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? '') + text.slice(whole.length);
    return lines.flatMap((line) => this.#read(line) ?? []);
  }

  /** The block that ends with this line. */
  #read(line: string): Frame | undefined {
    if (line === '') {
      const frame = this.#frame;
      this.#frame = {};
      return frame;
    }
    const [, name = '', value = ''] = /^([^:]*):? ?([\s\S]*)$/.exec(line) ?? [];
    if (name === 'id' && !value.includes('\0')) this.#frame.id = value;
    if (name === 'event') this.#frame.event = value;
    if (name === 'data') this.#frame.data = this.#frame.data === undefined ? value : `${this.#frame.data}\n${value}`;
    if (name === 'retry' && /^\d+$/.test(value)) this.#frame.retry = Number(value);
    return undefined;
  }
}
