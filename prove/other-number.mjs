import pg from 'pg';
import { pause } from './pause.mjs';

const INSERT = 'insert into events (type, subject, sequence, phone_number_id, occurred_at, data) values ($1, $2, $3, $4, $5, $6)';
const PHONE_NUMBER_ID = '300000000000002';

/**
 * What a second number would do to the table of events: transactions of its own that commit in another order than the one
 * in which they got their ids. One number alone writes under its lock, so that even a naive reader would see no gap.
 */
export class OtherNumber {
  written = 0;
  #stopped = false;

  /** @param {{ url: string, random: import('./random.mjs').Random, writers: number, longestMs: number }} options */
  constructor({ url, random, writers, longestMs }) {
    Object.assign(this, { url, random, longestMs });
    this.writers = Array.from({ length: writers }, (_, i) => this.#write(`other_${i}`));
  }

  async stop() {
    this.#stopped = true;
    await Promise.all(this.writers);
  }

  async #write(subject) {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    for (let sequence = 1; !this.#stopped; sequence += 2) {
      await client.query('begin');
      await this.#append(client, subject, sequence);
      await pause(this.random.between(0, this.longestMs));
      await this.#append(client, subject, sequence + 1);
      await client.query('commit');
      this.written += 2;
    }
    await client.end();
  }

  #append(client, subject, sequence) {
    return client.query(INSERT, ['settings.updated', subject, sequence, PHONE_NUMBER_ID, Date.now(), JSON.stringify({ id: subject })]);
  }
}
