import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Settings } from '#config/settings.js';
import type { Addressee } from '#dialog360/wire.js';
import { isKept, type Person } from '#identity/person.js';
import { Clock, MINUTE, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Lines } from '#numbers/lines.js';
import { Store } from '#store/store.js';
import type { LedgerFact } from './ledger.js';
import type { ObservedReading } from './permission.js';
import { type Pair, PermissionsStore } from './permissions.store.js';
import { UnkeptReadings } from './unkept-readings.js';

/** A reading, or the problem that prevented it. */
export type PermissionReadResult = { observed: ObservedReading; problem: null } | { observed: null; problem: Problem };

/** A reading in progress. */
interface Flight {
  startedAt: number;
  landing: Promise<PermissionReadResult>;
}

/** Reads a person's permission from 360dialog: one request for all callers at the same time, and a cache in the database, for people without a row in memory. */
@Injectable()
export class LivePermissionsService {
  readonly #flights = new Map<string, Flight>();
  readonly #unkept: UnkeptReadings;

  constructor(
    private readonly permissions: PermissionsStore,
    private readonly lines: Lines,
    private readonly store: Store,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    this.#unkept = new UnkeptReadings(clock);
  }

  /** Drops what is in memory and older than a minute. */
  @Interval(MINUTE)
  purge(): void {
    this.#unkept.purge();
  }

  /** Forgets every reading that only the memory holds: a person is erased. */
  forget(): void {
    this.#unkept.forget();
  }

  /** The cached reading while it is fresh, else a new one. A failed reading is no error: the result carries the problem. */
  async of(pair: Pair, person: Person, facts: readonly LedgerFact[]): Promise<PermissionReadResult> {
    const kept = (await this.permissions.reading(this.store.read, pair)) ?? this.#unkept.get(pair.phoneNumberId, person);
    if (kept && this.#isFresh(kept, facts)) return { observed: kept, problem: null };
    const key = `${pair.phoneNumberId}:${pair.personId}`;
    const flight = this.#flights.get(key);
    // A response to a request sent before the latest fact may not contain it.
    if (flight && isYoungerThan(flight.startedAt, facts)) return flight.landing;
    const started: Flight = { startedAt: this.clock.now(), landing: this.#read(pair, person) };
    this.#flights.set(key, started);
    return started.landing.finally(() => {
      if (this.#flights.get(key) === started) this.#flights.delete(key);
    });
  }

  /** Fresh: young enough, and no newer fact that could have changed it. */
  #isFresh({ observedAt, reading }: ObservedReading, facts: readonly LedgerFact[]): boolean {
    const now = this.clock.now();
    if (observedAt <= now - this.settings.permissionMaxAgeMs) return false;
    const ends = [
      reading.expiresAt,
      ...[reading.ask, reading.call].flatMap((action) => action?.limits.map((limit) => limit.expiresAt) ?? []),
    ];
    return isYoungerThan(observedAt, facts) && ends.every((end) => end === null || end > now);
  }

  async #read(pair: Pair, person: Person): Promise<PermissionReadResult> {
    const observedAt = this.clock.now();
    const remember = this.#unkept.begin(pair.phoneNumberId, person);
    try {
      const observed = { reading: await this.lines.of(pair.phoneNumberId).readPermission(addresseeOf(person)), observedAt };
      if (isKept(person)) await this.store.write((tx) => this.permissions.saveReading(tx, pair, observed));
      else remember(observed);
      return { observed, problem: null };
    } catch (error) {
      if (error instanceof Problem) return { observed: null, problem: error };
      throw error;
    }
  }
}

const isYoungerThan = (moment: number, facts: readonly LedgerFact[]): boolean => facts.every(({ at }) => at < moment - SECOND);

/**
 * The address of a person for 360dialog: the number when Meta shows it, else the BSUID.
 * @throws Problem `user_unreachable` for a person whose only number is another's now
 */
export function addresseeOf(person: Person): Addressee {
  if (person.waId !== null) return { waId: person.waId };
  const userId = person.userId ?? person.parentUserId;
  if (userId === null) throw new Problem('user_unreachable');
  return { userId };
}
