import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Clock, SECOND } from '#kernel/clock.js';
import { Log } from '#telemetry/log.js';
import { Metrics } from '#telemetry/metrics.js';
import { type FloorHolder, FloorStore } from './floor.store.js';

/** A transaction inserts events last, so its floor stands for a commit; this is long. */
const NAMED_AFTER_MS = SECOND;
const ENDED_AFTER_MS = 10 * SECOND;
/** Postgres refuses to end the session of another role. */
const NOT_PERMITTED = '42501';

/** Who holds up all later events or deliveries, and since when, in seconds. */
export interface HeldFloor {
  seconds: number;
  /** The session; null for a prepared transaction. */
  pid: number | null;
}

interface Watched {
  holder: FloorHolder;
  since: number;
  named: boolean;
  /** Whether it can be ended no more than it was. */
  leftAlone: boolean;
}

/**
 * Names who holds up the events and deliveries of all others on Postgres, and ends its session after ten seconds. It also notices
 * a database that has failed over beneath the running gateway.
 */
@Injectable()
export class FloorWatch {
  #watched = new Map<string, Watched>();
  #where: string | null = null;
  #looking = false;

  constructor(
    private readonly floors: FloorStore,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /** Whether notifications of other replicas arrive; null on SQLite. */
  get isNotified(): boolean | null {
    return this.floors.isShared ? this.floors.isNotified : null;
  }

  /** Who holds up others for longest, after a second; null when nobody does. */
  held(): HeldFloor | null {
    const [longest] = [...this.#watched.values()].sort((a, b) => a.since - b.since);
    if (!longest) return null;
    const forMs = this.clock.steady() - longest.since;
    return forMs < NAMED_AFTER_MS ? null : { seconds: forMs / SECOND, pid: longest.holder.pid };
  }

  /** Looks at the floors, each second. */
  @Interval(SECOND)
  async look(): Promise<void> {
    if (!this.floors.isShared || this.#looking) return;
    this.#looking = true;
    // While the database does not answer, `/health/ready` says so.
    await this.#look()
      .catch(() => undefined)
      .finally(() => {
        this.#looking = false;
      });
  }

  async #look(): Promise<void> {
    const { holders, where } = await this.floors.look();
    const now = this.clock.steady();
    const known = this.#watched;
    const fresh = (holder: FloorHolder): Watched => ({ holder, since: now, named: false, leftAlone: false });
    this.#watched = new Map(holders.map((holder) => [keyOf(holder), known.get(keyOf(holder)) ?? fresh(holder)]));
    this.metrics.eventsHeld.set(this.held()?.seconds ?? 0);
    for (const watched of this.#watched.values()) await this.#judge(watched, now - watched.since);
    await this.#whereIsIt(where);
  }

  async #judge(watched: Watched, forMs: number): Promise<void> {
    if (forMs < NAMED_AFTER_MS) return;
    const { pid, application, table } = watched.holder;
    const facts = { pid, application, table, seconds: Math.round(forMs / SECOND) };
    if (!watched.named) this.log.pino.warn({ event: 'events.floor_held', ...facts }, 'A transaction of Postgres holds up all later ones');
    watched.named = true;
    if (forMs < ENDED_AFTER_MS || watched.leftAlone) return;
    watched.leftAlone = true;
    const result =
      pid === null ? 'it is a prepared transaction: COMMIT PREPARED or ROLLBACK PREPARED ends it' : await this.#end(watched.holder);
    if (result === null) this.log.pino.error({ event: 'events.floor_holder_ended', ...facts }, 'The session that held up others was ended');
    else this.log.pino.error({ event: 'events.floor_holder_stays', ...facts, reason: result }, 'What holds up others could not be ended');
  }

  /** @returns why it was not ended; null when it was, or has ended by itself */
  async #end(holder: FloorHolder): Promise<string | null> {
    try {
      await this.floors.end(holder);
      return null;
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      return code === NOT_PERMITTED
        ? 'the role of DATABASE_URL may not: grant it pg_signal_backend, or end the session by hand'
        : `${message}`;
    }
  }

  /** @throws the error of the database, so that the next look asks again */
  async #whereIsIt(where: string): Promise<void> {
    if (where === this.#where) return;
    const generation = await this.floors.claimGeneration();
    this.#where = where;
    if (generation !== null)
      this.log.pino.warn(
        { event: 'events.generation_begun', generation },
        'The database is another one than before: ids of events go on in a new generation',
      );
  }
}

const keyOf = ({ transaction, table }: FloorHolder): string => `${table} ${transaction}`;
