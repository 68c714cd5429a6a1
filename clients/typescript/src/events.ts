import type { components } from './api.ts';
import { EventsMissedError, GatewayError } from './errors.ts';
import { type Frame, FrameReader } from './frames.ts';

/** An event; `type` says which, and with it what `data` is. */
export type GatewayEvent = components['schemas']['Event'];
export type EventType = GatewayEvent['type'];
export type EventOf<T extends EventType> = Extract<GatewayEvent, { type: T }>;

export interface EventsOptions<T extends EventType> {
  /** Only events of these types; without it, all that the key may read. */
  types?: readonly T[];
  /** Only events of this number, by its id. */
  phoneNumberId?: string;
  /** Begin after this event, such as the `lastEventId` of an earlier stream; without it, the stream begins now. */
  lastEventId?: string;
  /** Ends the stream; its loop then ends as well. */
  signal?: AbortSignal;
  /** Called when events were missed and are not kept any more: read the state again. Without it the loop throws EventsMissedError. */
  onReset?: () => void | Promise<void>;
  /** How long to wait between two connections, in ms: from `min`, or what the gateway asks for (2 to 5 s), doubled up to `max` (30 s). */
  backoff?: { min?: number; max?: number };
  /** A connection without a byte for so long is given up, in ms; 45 s by default. The gateway sends one every 15 s. */
  silence?: number;
}

/** Opens a connection that resumes after an event. @throws GatewayError */
type Connect = (query: URLSearchParams, lastEventId: string, signal: AbortSignal) => Promise<Response>;

/** Refusals that another attempt can get past. */
const isTransient = (error: unknown): boolean =>
  !(error instanceof GatewayError) || error.status >= 500 || error.status === 429 || error.status === 408;

/**
 * Events in order, each once as long as the loop runs. A connection that breaks is opened again with backoff and resumes after the
 * last event. Made open by `gateway.events()`, so that no event after it is missed.
 */
export class EventStream<T extends EventType> implements AsyncIterable<EventOf<T>>, AsyncDisposable {
  readonly #connect: Connect;
  readonly #options: EventsOptions<T>;
  readonly #query = new URLSearchParams();
  readonly #end = new AbortController();
  #lastEventId: string;
  #connection: Response | null = null;
  /** What the gateway asks to wait before the next connection, in ms. */
  #retry: number | null = null;
  #failures = 0;

  private constructor(connect: Connect, options: EventsOptions<T>) {
    this.#connect = connect;
    this.#options = options;
    this.#lastEventId = options.lastEventId ?? '';
    if (options.types) this.#query.set('types', options.types.join());
    if (options.phoneNumberId !== undefined) this.#query.set('phone_number_id', options.phoneNumberId);
    if (options.signal?.aborted) this.close();
    options.signal?.addEventListener('abort', () => this.close(), { once: true });
  }

  /** Resolves once the stream is open. @throws GatewayError, or what fetch throws */
  static async open<T extends EventType>(connect: Connect, options: EventsOptions<T>): Promise<EventStream<T>> {
    const stream = new EventStream(connect, options);
    stream.#connection = await connect(stream.#query, stream.#lastEventId, stream.#end.signal);
    return stream;
  }

  /** The last event that the loop is done with; gives a later stream its beginning. Empty before the first. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /** Ends the connection and the loop. */
  close(): void {
    this.#end.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** @throws GatewayError when the key may not read the stream any more, and EventsMissedError */
  async *[Symbol.asyncIterator](): AsyncGenerator<EventOf<T>, void, undefined> {
    try {
      while (!this.#end.signal.aborted) {
        const connection = this.#connection ?? (await this.#reconnect());
        this.#connection = null;
        if (connection) for await (const frame of this.#framesOf(connection)) yield* this.#eventsOf(frame);
      }
    } finally {
      this.close();
    }
  }

  async *#eventsOf({ id, event, data, retry }: Frame): AsyncGenerator<EventOf<T>, void, undefined> {
    this.#retry = retry ?? this.#retry;
    if (event === 'reset') {
      if (!this.#options.onReset) throw new EventsMissedError();
      await this.#options.onReset();
    }
    if (event === undefined && data !== undefined) yield JSON.parse(data) as EventOf<T>;
    // Only now is the loop done with it.
    this.#lastEventId = id ?? this.#lastEventId;
  }

  /** The frames of one connection until it ends, breaks or falls silent. */
  async *#framesOf({ body }: Response): AsyncGenerator<Frame, void, undefined> {
    const reader = body?.getReader();
    const [decoder, frames] = [new TextDecoder(), new FrameReader()];
    try {
      for (;;) {
        const value = await this.#chunk(reader);
        if (value === undefined) return;
        this.#failures = 0;
        yield* frames.push(decoder.decode(value, { stream: true }));
      }
    } finally {
      await reader?.cancel().catch(() => undefined);
    }
  }

  /** What comes next; undefined at the end, for whatever reason. */
  async #chunk(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<Uint8Array | undefined> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const silence = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, this.#options.silence ?? 45_000, undefined);
    });
    try {
      return await Promise.race([reader?.read().then(({ value }) => value), silence]);
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The next connection after its backoff; null when there is none yet. */
  async #reconnect(): Promise<Response | null> {
    await wait(this.#delay(), this.#end.signal);
    if (this.#end.signal.aborted) return null;
    this.#failures += 1;
    try {
      return await this.#connect(this.#query, this.#lastEventId, this.#end.signal);
    } catch (error) {
      if (this.#end.signal.aborted) return null;
      if (!isTransient(error)) throw error;
      if (error instanceof GatewayError && error.retry_at !== null) await wait(Date.parse(error.retry_at) - Date.now(), this.#end.signal);
      return null;
    }
  }

  /** From the half to the whole of the backoff, so that not all clients come at once. */
  #delay(): number {
    const { min = this.#retry ?? 1_000, max = 30_000 } = this.#options.backoff ?? {};
    return Math.min(max, min * 2 ** Math.min(this.#failures, 16)) * (0.5 + Math.random() / 2);
  }
}

/** Resolves after so many ms, or when the signal ends the stream. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || !(ms > 0)) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.min(ms, 2 ** 31 - 1));
    signal.addEventListener('abort', done);
  });
}
