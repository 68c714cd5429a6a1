import { setTimeout as pause } from 'node:timers/promises';
import { DAY, MINUTE, SECOND } from '#kernel/clock.js';
import type { SimulatorContext } from '#simulator/play/context.js';
import { qualityWebhook, restrictionWebhook } from '#simulator/webhooks/account-webhooks.js';
import type { SimulatedDelivery } from '#simulator/webhooks/delivery.js';
import type { SimulatedNumber } from '#simulator/world/number.js';
import { Users } from '#simulator/world/user.js';
import { type DayPlan, planDay } from './day-plan.js';
import { type HistoryName, historyOf, numberStatusAt, shapeOf } from './histories.js';
import { type DeliveryPattern, LONGEST_CALL_MS, type PlannedWebhook, USUAL_PATTERN, webhooksOf } from './planned-webhooks.js';

/** What began on one day of UTC. */
export type PastDay = ReturnType<typeof dayOf>;

/** The time to replay: everything after `from`, to `until`, in ms. */
interface TrafficSpan {
  from: number;
  until: number;
  pattern?: Partial<DeliveryPattern>;
  /** One kind of traffic alone. */
  only?: 'calls' | 'messages';
  /** At most so many deliveries a second, to leave room for others; null for as fast as they are taken. */
  perSecond?: number | null;
}

/** What a replay sent. */
export interface ReplayedTraffic {
  days: PastDay[];
  /** Deliveries that left, and how many of them were duplicates or came out of order. */
  webhooks: number;
  repeated: number;
  late: number;
}

const USUAL_SEED = 'simulator';
/** The number of parallel delivery queues. */
const QUEUES = 32;
const CHUNK = 128;
const LONGEST_PAST_MS = 400 * DAY;
const NOTHING: DayPlan = { conversations: [], failures: [], calls: [] };

const midnight = (at: number): number => Math.floor(at / DAY) * DAY;

/**
 * A business that writes and calls: the days of a loaded history, each from a seed. The partner's metrics and the
 * webhooks therefore report the same conversations, and a day that is replayed twice gives duplicates. The users are a crowd of
 * their own; the predefined users do not take part.
 */
export class Traffic {
  #history: HistoryName;
  #seed = USUAL_SEED;
  /** The day on which the history has come as far as its text says. */
  #present: number;
  /** Rises when another history is loaded, which ends what is replayed of the one before. */
  #loads = 0;
  #previous: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  readonly #crowd = new Map<number, ReturnType<Users['add']>>();

  constructor(
    private readonly context: () => SimulatorContext,
    private readonly delivery: SimulatedDelivery,
    now: number,
    /** Where it begins; `seed` keeps the days of a number apart from those of others. */
    private readonly own: { history: HistoryName; seed: string },
  ) {
    this.#history = own.history;
    this.#present = midnight(now);
  }

  get history(): HistoryName {
    return this.#history;
  }

  /**
   * Another history from now on: the partner API reports its days, and the number has the status of today. A replay of the one before
   * ends; webhooks that were sent are not taken back. @param present a moment of the day to which the history leads; later than now leaves days to be replayed
   */
  load(name: HistoryName, { present, seed }: { present?: number; seed?: string } = {}): void {
    const { number, clock, send, sendLimit } = this.context();
    const before = number.tier;
    this.#history = name;
    this.#loads += 1;
    this.#seed = seed ?? USUAL_SEED;
    this.#present = midnight(present ?? clock.now());
    this.applyHistory(number, clock.now());
    if (number.tier !== before) sendLimit();
    if (number.restrictions.length) send(restrictionWebhook(number), null);
  }

  /** The number as the history has left it. */
  applyHistory(number: SimulatedNumber, now: number): SimulatedNumber {
    const restrictions = historyOf(this.#history).milestones.flatMap(({ daysAgo, restrictedForDays }) => {
      const until = this.#noonOf(daysAgo) + (restrictedForDays ?? 0) * DAY;
      const isNow = restrictedForDays !== undefined && this.#noonOf(daysAgo) <= now && until > now;
      const reason = 'Calling is paused because of negative feedback';
      return isNow ? [{ type: 'RESTRICTED_BUSINESS_INITIATED_CALLING' as const, reason, until }] : [];
    });
    return Object.assign(number, numberStatusAt(this.#history, this.#daysAgo(now)), { restrictions });
  }

  /** The days from one moment to another, oldest first; the last has come as far as `until`. */
  days(from: number, until: number): PastDay[] {
    return this.#midnights(Math.max(from, until - LONGEST_PAST_MS), until).map((day) => dayOf(this.#plan(day), day, 0, until));
  }

  /** Sends the webhooks of a span, the late ones out of order. Spans run one after the other. @returns once each webhook has been attempted */
  replay(span: TrafficSpan): Promise<ReplayedTraffic> {
    this.#decide(span.from, span.until);
    return this.#enqueue(span);
  }

  /**
   * Replays the time from a moment to the present: calls first, so that a first report finds them, then messages, the newest day
   * first. Then it goes on in real time, not by the simulator's clock.
   * @param perSecond how many deliveries of messages at most, to leave room for others
   */
  continueFrom(since: number, perSecond: number): void {
    const present = (): number => this.context().clock.now() - this.context().clock.offsetMs;
    let lived = present();
    this.#decide(since, lived);
    const lately = Math.max(since, midnight(lived) - DAY);
    void this.#enqueue({ from: lately, until: lived, only: 'calls' });
    void this.#enqueue({ from: since, until: lately, only: 'calls' });
    for (const day of this.#midnights(since, lived).reverse()) {
      void this.#enqueue({ from: Math.max(since, day), until: Math.min(lived, day + DAY), only: 'messages', perSecond });
    }
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      const from = lived;
      lived = present();
      void this.replay({ from, until: lived, perSecond });
    }, MINUTE).unref();
  }

  /** Ends the replay in real time. */
  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  #enqueue(span: TrafficSpan): Promise<ReplayedTraffic> {
    const lived = this.#previous.then(() => this.#live(span));
    this.#previous = lived.catch(() => undefined);
    return lived;
  }

  async #live({ from, until, pattern, only, perSecond = null }: TrafficSpan): Promise<ReplayedTraffic> {
    const load = this.#loads;
    const webhooks = this.#webhooks(from, until, { ...USUAL_PATTERN, ...pattern }).filter(
      ({ kind }) => only === undefined || kind === only,
    );
    let sent = 0;
    for (let first = 0; first < webhooks.length && !this.delivery.closed && load === this.#loads; first += CHUNK) {
      const chunk = webhooks.slice(first, first + CHUNK);
      sent += chunk.length;
      for (const { change, subject } of chunk) {
        this.context().send({ ...change(), about: `traffic ${subject % QUEUES}`, routine: true }, null);
      }
      await Promise.all(Array.from({ length: QUEUES }, (_, queue) => this.delivery.tried(`traffic ${queue}`)));
      if (perSecond !== null) await pause((chunk.length / perSecond) * SECOND, undefined, { ref: false });
    }
    const days = this.#midnights(from, until).map((day) => dayOf(this.#plan(day), day, from, until));
    const left = webhooks.slice(0, sent);
    const repeated = sent - new Set(left.map(({ change }) => change)).size;
    return { days, webhooks: sent, repeated, late: left.filter(({ at, arrives }) => arrives > at).length };
  }

  /** Limit and quality webhooks have no time of their own and are read as of now, so of several only the last is sent. */
  #decide(from: number, until: number): void {
    const { number, send, sendLimit } = this.context();
    const passed = historyOf(this.#history).milestones.filter(
      ({ daysAgo }) => this.#noonOf(daysAgo) > from && this.#noonOf(daysAgo) <= until,
    );
    if (!passed.length) return;
    this.applyHistory(number, until);
    if (passed.some(({ tier }) => tier)) sendLimit();
    if (passed.some(({ quality }) => quality)) send(qualityWebhook(number), null);
    if (passed.some(({ restrictedForDays }) => restrictedForDays) && number.restrictions.length) send(restrictionWebhook(number), null);
  }

  #webhooks(from: number, until: number, pattern: DeliveryPattern): PlannedWebhook[] {
    const to = { number: this.context().number, person: (index: number) => this.#person(index) };
    return this.#midnights(from - LONGEST_CALL_MS, until)
      .flatMap((day) => webhooksOf(this.#plan(day), pattern, this.#seedOf(day), to))
      .filter(({ at }) => at > from && at <= until)
      .sort((a, b) => a.arrives - b.arrives);
  }

  #plan(day: number): DayPlan {
    const shape = shapeOf(this.#history, this.#daysAgo(day));
    return shape ? planDay(shape, day, this.#seedOf(day)) : NOTHING;
  }

  #seedOf(day: number): string {
    return `${this.#seed}${this.own.seed && `:${this.own.seed}`}:${this.#history}:${new Date(day).toISOString().slice(0, 10)}`;
  }

  #midnights(from: number, until: number): number[] {
    const first = midnight(from);
    return Array.from({ length: Math.max(0, (midnight(until) - first) / DAY + 1) }, (_, index) => first + index * DAY);
  }

  #daysAgo(at: number): number {
    return (this.#present - midnight(at)) / DAY;
  }

  #noonOf(daysAgo: number): number {
    return this.#present - daysAgo * DAY + DAY / 2;
  }

  #person(index: number): ReturnType<Users['add']> {
    const known = this.#crowd.get(index);
    if (known) return known;
    const waId = `521559${String(8_000_000 + index)}`;
    const person = new Users(undefined, this.context().number.portfolio.id).add({
      name: `Simulated customer ${index + 1}`,
      role: 'One of the crowd of a history.',
      waId,
    });
    this.#crowd.set(index, person);
    return person;
  }
}

/** What began on a day after one moment and until another. */
function dayOf({ conversations, calls }: DayPlan, day: number, from: number, until: number) {
  const begun = conversations.filter(({ at }) => at > from && at <= until);
  const over = calls.filter(({ endedAt }) => endedAt > from && endedAt <= until);
  return {
    /** `YYYY-MM-DD`. */
    date: new Date(day).toISOString().slice(0, 10),
    businessInitiated: begun.filter(({ category }) => category !== 'service').length,
    userInitiated: begun.filter(({ category }) => category === 'service').length,
    callsOut: over.filter(({ byBusiness }) => byBusiness).length,
    callsIn: over.filter(({ byBusiness }) => !byBusiness).length,
  };
}
