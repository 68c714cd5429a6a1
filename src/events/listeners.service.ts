import { Inject, Injectable } from '@nestjs/common';
import { Store } from '#store/store.js';
import { StreamsService } from './streams.service.js';

/** Counts the consumers that would get the event of an inbound call of this number. */
type Counter = (phoneNumberId: string) => Promise<number>;

/** Counts the consumers of inbound calls: the streams of this process, and what other modules register. */
@Injectable()
export class ListenersService {
  readonly #counters: Counter[] = [];

  constructor(
    private readonly streams: StreamsService,
    @Inject(Store) private readonly store: Pick<Store, 'engine'>,
  ) {}

  /** Registers the counter of another module. */
  register(counter: Counter): void {
    this.#counters.push(counter);
  }

  /** Null when this process knows no consumer and others may: replicas on Postgres do not see each other's streams. */
  async count(phoneNumberId: string): Promise<number | null> {
    const others = await Promise.all(this.#counters.map((counter) => counter(phoneNumberId)));
    const known = others.reduce((sum, count) => sum + count, this.streams.countTakers(phoneNumberId));
    return known > 0 || this.store.engine === 'sqlite' ? known : null;
  }
}
