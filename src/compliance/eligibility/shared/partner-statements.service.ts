import { Injectable } from '@nestjs/common';
import type { Reading } from '#compliance/eligibility/reading.js';
import { Store } from '#store/store.js';
import { SharedReadings } from './shared-readings.store.js';

/** What a partner of 360dialog says of all its channels: kept once, under the partner's id. */
@Injectable()
export class PartnerStatementsService {
  readonly #readings = new SharedReadings();

  constructor(private readonly store: Store) {}

  /** What it said last, by the name of the reading; null when it never did. */
  async find<T>(partnerId: string, name: string): Promise<Omit<Reading<T>, 'scope'> | null> {
    const [kept = null] = await this.#readings.of<T>(this.store.read, { scope: 'partner', subject: partnerId }, name);
    return kept;
  }

  /** Keeps what it says, unless something newer is kept. */
  keep(partnerId: string, reading: Omit<Reading, 'scope'>): Promise<void> {
    return this.store.write((tx) => this.#readings.save(tx, { scope: 'partner', subject: partnerId }, reading));
  }
}
