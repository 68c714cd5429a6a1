import { EventStream } from './event-stream.mjs';
import { pause, until } from './pause.mjs';

/** A consumer that cuts its stream all the time and resumes it at another replica, with nothing but `Last-Event-ID`. */
export class ReconnectingReader {
  /** @type {any[]} every event in the order in which it came, also the second time */
  heard = [];
  hops = 0;
  resets = 0;
  /** Events that came again without a `reset` in between, which may repeat what came before it. */
  repeated = 0;
  #sinceReset = new Set();
  lastEventId = null;

  /** @param {{ gateways: import('./gateway.mjs').Gateway[], random: import('./random.mjs').Random }} options */
  constructor({ gateways, random }) {
    Object.assign(this, { gateways, random });
  }

  /** Begins at the newest event there is. @returns its id */
  async begin() {
    while (!this.lastEventId) {
      const stream = this.#connect();
      await pause(100);
      stream.cut();
    }
    return this.lastEventId;
  }

  /** Hops until the time is over, each time after 10 to 500 ms. @param {() => boolean} isOver */
  async hopWhile(isOver) {
    while (!isOver()) {
      const stream = this.#connect();
      await pause(this.random.between(10, 500));
      stream.cut();
      this.hops += 1;
    }
  }

  /** One last connection, left alone until the newest event is heard: what is missing then was passed over. */
  async finish(isNewest) {
    const stream = this.#connect();
    await until('the newest event', () => this.heard.some(isNewest));
    stream.cut();
  }

  #connect() {
    return new EventStream(this.random.pick(this.gateways).port, {
      lastEventId: this.lastEventId,
      onEvent: (event) => this.#hear(event),
      onId: (id) => {
        this.lastEventId = id;
      },
      onReset: () => {
        this.resets += 1;
        this.#sinceReset.clear();
      },
    });
  }

  #hear(event) {
    this.heard.push(event);
    if (this.#sinceReset.has(event.id)) this.repeated += 1;
    this.#sinceReset.add(event.id);
  }
}

/** What a client would see that reads the table by `id > cursor`. */
export class NaiveReader {
  seen = 0;
  #cursor = 0;
  #stopped = false;

  /** @param {import('./database.mjs').PostgresDatabase} database */
  constructor(database) {
    this.database = database;
    this.reading = this.#read();
  }

  async stop() {
    this.#stopped = true;
    await this.reading;
  }

  async #read() {
    for (let last = false; !last; await pause(20)) {
      last = this.#stopped;
      const { rows } = await this.database.pool.query('select id from events where id > $1 order by id', [this.#cursor]);
      this.seen += rows.length;
      this.#cursor = Number(rows.at(-1)?.id ?? this.#cursor);
    }
  }
}
