import { Inject, Injectable } from '@nestjs/common';
import { Store } from '#store/store.js';

/** Counts the consumers that would get the event of an inbound call of this number. */
type Counter = (phoneNumberId: string) => Promise<number>;

/** Counts the consumers of inbound calls by the counters that streams and subscriptions register. */
@Injectable()
export class ListenersService {
  readonly #counters: Counter[] = [];
  /** Counts the subscriptions for a number that are paused because their key is gone or lacks a scope; set at start by the module of subscriptions. */
  paused: (phoneNumberId: string) => Promise<number> = async () => 0;

  constructor(@Inject(Store) private readonly store: Pick<Store, 'engine'>) {}

  /** Registers a counter of consumers. */
  register(counter: Counter): void {
    this.#counters.push(counter);
  }

  /** Null when this process knows no consumer and others may: replicas on Postgres do not see each other's streams. */
  async count(phoneNumberId: string): Promise<number | null> {
    const counts = await Promise.all(this.#counters.map((counter) => counter(phoneNumberId)));
    const known = counts.reduce((sum, count) => sum + count, 0);
    return known > 0 || this.store.engine === 'sqlite' ? known : null;
  }
}
