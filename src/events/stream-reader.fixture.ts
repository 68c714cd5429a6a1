import type { IncomingMessage } from 'node:http';
import type { PublicEvent } from './event.js';

export interface Frame {
  id?: string;
  event?: string;
  data?: string;
}

/** A reader of the event stream on a real socket. */
export class Reader {
  readonly frames: Frame[] = [];
  closed = false;
  #text = '';
  #changed = () => {};

  constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const blocks = (this.#text + chunk).split('\n\n');
      this.#text = blocks.pop() ?? '';
      for (const block of blocks) {
        this.frames.push(
          Object.fromEntries(block.split('\n').map((line) => [line.split(':', 1)[0], line.slice(line.indexOf(':') + 1).trim()])),
        );
      }
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
