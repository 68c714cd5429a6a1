import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Settings } from '#config/settings.js';
import { NUMBERS_LOCK, NumbersService } from '#identity/numbers/numbers.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import { Clock, HOUR, SECOND } from '#kernel/clock.js';
import { Bulkhead } from '#kernel/concurrency/bulkhead.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';
import { PostClient } from '#outbound-http/post.client.js';
import { Log } from '#telemetry/log.js';
import { Metrics } from '#telemetry/metrics.js';
import { FORWARDED_AT_ONCE, ForwardQueue } from './forward-queue.js';
import { type ForwardSource, OF_ENVIRONMENT, sourcesOf } from './forward-source.js';
import { ageOf, ForwardsStore } from './forwards.store.js';

const TIMEOUT_MS = 15 * SECOND;
const MEASURE_EVERY_MS = 10 * SECOND;
const GRACE_MS = 3 * SECOND;

/**
 * Forwards every kept delivery of 360dialog to the former webhook of its number, byte for byte. Each number with a forward has a queue of its
 * own (`ForwardQueue`), so that a target that is away or refuses holds up its own number alone. The inbox never waits for a target.
 */
@Injectable()
export class ForwardingWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #holder = randomUUID();
  readonly #turns = new Bulkhead(FORWARDED_AT_ONCE);
  /** The operator chose the target of the environment; that of another number is given by a client, as those of subscriptions are. */
  readonly #posters: { ofEnvironment: PostClient; ofClients: PostClient };
  readonly #queues = new Map<string, ForwardQueue>();
  /** Brings the cursors and the queues to what the numbers say. */
  readonly #settling = new WakeUpLoop(
    () => this.#settle(),
    (error) => {
      this.#isSettled = false;
      this.log.pino.error({ event: 'forwarding.queues_unsettled', error }, 'What is forwarded could not be settled; it is tried again');
    },
  );
  #isSettled = true;
  /** The sources of the last settling, as JSON; null before the first. */
  #settled: string | null = null;
  #started = false;
  /** How many looks for what waits are under way. */
  #looks = 0;

  constructor(
    private readonly forwards: ForwardsStore,
    private readonly inbox: InboxService,
    private readonly numbers: NumbersService,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {
    const posterTo = (reach: 'public' | 'any') => new PostClient({ reach, timeoutMs: TIMEOUT_MS });
    this.#posters = { ofEnvironment: posterTo('any'), ofClients: posterTo(settings.eventsAllowPrivateTargets ? 'any' : 'public') };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#settle();
    this.#started = true;
    this.numbers.onChanged(() => void this.#settling.wake().then(() => this.drain()));
    this.inbox.onKept(() => void this.#drainOnly());
    void this.drain();
  }

  @Interval(MEASURE_EVERY_MS)
  async measure(): Promise<void> {
    if (!this.#started) return;
    const total = await this.forwards.total([...this.#queues.values()].map(({ source }) => source)).catch(() => null);
    if (!total) return;
    this.metrics.forwardPending.set(total.pending);
    this.metrics.forwardOldest.set(ageOf(total.oldestReceivedAt, this.clock.now()) / SECOND);
    this.metrics.forwardSetAside.set(total.setAside);
  }

  @Interval(HOUR)
  async purge(): Promise<void> {
    if (this.#started) await this.forwards.purge().catch(() => undefined);
  }

  /** While a look is under way no other begins: where the database is slow they would pile up. */
  @Interval(SECOND / 2)
  async tick(): Promise<void> {
    if (this.#looks === 0) await this.drain();
  }

  /** Forwards what can be forwarded now; one look finds the numbers of which anything waits. */
  async drain(): Promise<void> {
    if (!this.#started) return;
    if (!this.#isSettled) await this.#settling.wake();
    const queues = [...this.#queues.values()];
    const waiting = queues.length > 1 ? await this.#look() : null;
    const due = waiting ? queues.filter(({ source }) => isAmong(source, waiting)) : queues;
    await Promise.all(due.map((queue) => queue.drain()));
  }

  async #look(): Promise<ReadonlySet<string> | null> {
    this.#looks += 1;
    const waiting = await this.forwards.waiting().catch(() => null);
    this.#looks -= 1;
    return waiting;
  }

  /** Starts no further attempt, and cuts those under way when they take longer than the grace period. */
  async beforeApplicationShutdown(): Promise<void> {
    const late = setTimeout(() => this.#close(), GRACE_MS);
    const started = this.#started;
    this.#started = false;
    await this.#settling.stop();
    await Promise.all([...this.#queues.values()].map((queue) => queue.stop()));
    clearTimeout(late);
    this.#close();
    if (started) await this.forwards.release(this.#holder).catch(() => undefined);
  }

  #queueOf(source: ForwardSource): ForwardQueue {
    const { ofEnvironment, ofClients } = this.#posters;
    const poster = source.name === OF_ENVIRONMENT ? ofEnvironment : ofClients;
    return new ForwardQueue(source, this.#holder, this.forwards, poster, this.#turns, this.clock, this.log);
  }

  #close(): void {
    for (const poster of Object.values(this.#posters)) poster.close();
  }

  /** Of several numbers the next look finds what was kept: one for each commit would be too many. */
  async #drainOnly(): Promise<void> {
    if (this.#queues.size === 1) await this.drain();
  }

  async #settle(): Promise<false> {
    const sources = sourcesOf(this.numbers, this.settings);
    // Most changes of a number are about something else.
    const wish = JSON.stringify(sources);
    if (this.#isSettled && wish === this.#settled) return false;
    await this.forwards.settle(sources, (tx) => this.numbers.forwarded(tx), [NUMBERS_LOCK]);
    for (const source of sources) {
      const queue = this.#queues.get(source.name);
      if (queue) queue.source = source;
      else this.#queues.set(source.name, this.#queueOf(source));
    }
    const wanted = new Set(sources.map(({ name }) => name));
    for (const [name, queue] of this.#queues) {
      if (wanted.has(name)) continue;
      this.#queues.delete(name);
      void queue.stop();
    }
    this.#isSettled = true;
    this.#settled = wish;
    return false;
  }
}

/** Whether a look has found anything for a source. What came without a number belongs to the cursor of another name. */
const isAmong = ({ name, numbers }: ForwardQueue['source'], waiting: ReadonlySet<string>): boolean =>
  waiting.has(name) || numbers.some((number) => number === '' || waiting.has(number));
