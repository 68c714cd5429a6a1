import { Inject, Injectable } from '@nestjs/common';
import { Store } from '#store/store.js';
import { StreamsService } from './streams.service.js';

/** How many there are who would hear of an inbound call of this number. */
type Counter = (phoneNumberId: string) => Promise<number>;

/** Who would hear of an inbound call: the streams here, and what other rooms register. */
@Injectable()
export class ListenersService {
  readonly #counters: Counter[] = [];

  constructor(
    private readonly streams: StreamsService,
    @Inject(Store) private readonly store: Pick<Store, 'engine'>,
  ) {}

  register(counter: Counter): void {
    this.#counters.push(counter);
  }

  /** Null when this process knows of nobody and others may: replicas on Postgres do not see each other's streams. */
  async count(phoneNumberId: string): Promise<number | null> {
    const others = await Promise.all(this.#counters.map((counter) => counter(phoneNumberId)));
    const known = others.reduce((sum, count) => sum + count, this.streams.countTakers(phoneNumberId));
    return known > 0 || this.store.engine === 'sqlite' ? known : null;
  }
}
