import type { IncomingMessage } from 'node:http';
import { EventStreamParser, type StreamFrame } from '#cli/listen/event-stream.js';
import type { PublicEvent } from './event.js';

/** A reader of the event stream on a real socket. */
export class Reader {
  readonly frames: StreamFrame[] = [];
  closed = false;
  readonly #parser = new EventStreamParser();
  #changed = () => {};

  constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      this.frames.push(...this.#parser.push(chunk));
      this.#changed();
    });
    response.on('error', () => undefined);
    response.on('close', () => {
      this.closed = true;
      this.#changed();
    });
  }

  get events(): PublicEvent[] {
    return this.frames.filter(({ data, event }) => data && !event).map(({ data }) => JSON.parse(data as string) as PublicEvent);
  }

  get heard(): number[] {
    return this.events.map(({ sequence }) => sequence);
  }

  async until(met: () => boolean): Promise<void> {
    while (!met()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  leave(): void {
    this.response.destroy();
  }
}
