import type { Scope } from '#access/authorization/scope.js';
import { type Cursor, isAfter, writeCursor } from '#events/cursor.js';
import { HOUR } from '#kernel/clock.js';
import { type Attempt, capacityOf, FULL_PACE, givenUpFor, type Health, isDown, learn, paceAfter, succeeded } from '#outbound-http/retry.js';
import { signatureHeaders } from '#outbound-http/signature.js';
import { tracedPost } from '#outbound-http/traced-post.js';
import type { CourierTools } from './outcomes.service.js';
import {
  afterAttempt,
  type DisabledReason,
  type Dispatch,
  type KeptEvent,
  newDispatch,
  type Subscription,
  secretsInForce,
  wants,
} from './subscription.js';

const PAGE = 200;
/** More than this unsent in memory is not read ahead. */
const READ_AHEAD = 200;
const DUE_PAGE = 50;
/** An event that was held back so long may have been deleted meanwhile, and told as lost: then it is not sent after all. */
const LOOK_AGAIN_AFTER_MS = HOUR;

/** A wanted event on its first way; it leaves the queue once everything before it is settled, too. */
interface Entry {
  event: KeptEvent;
  state: 'waiting' | 'sent' | 'settled';
}

/**
 * Delivers to one endpoint. First attempts go out in the order of the events, each subject one after the other; what fails
 * comes back by a schedule of its own and holds up nothing behind it. Whatever the endpoint does, only this one waits.
 */
export class CourierWorker {
  readonly #queue: Entry[] = [];
  readonly #due: Dispatch[] = [];
  /** Subjects with an attempt under way. */
  readonly #busy = new Set<string>();
  readonly #retried = new Set<string>();
  readonly #scopes: ReadonlySet<Scope>;
  readonly #running = new Set<Promise<void>>();
  /** Tried already before a crash, though the place in the outbox says otherwise. */
  #known: ReadonlySet<string> = new Set();
  #health: Health;
  #pace = FULL_PACE;
  /** Everything up to here was read. */
  #read: Cursor;
  /** Everything up to here is settled, and the place that was last written. */
  #position: Cursor;
  #written: Cursor;
  #behind = true;
  /** Also 0: what waits is looked up at the start. */
  #nextDueAt: number | null = 0;
  #loading: Promise<void> | null = null;
  #retryTurn = false;
  #ready = false;
  #stopped = false;

  constructor(
    readonly subscription: Subscription,
    private readonly tools: CourierTools,
  ) {
    const { failures, failingSince, heldUntil, position, scopes } = subscription;
    this.#health = { failures, failingSince, heldUntil };
    this.#scopes = new Set(scopes);
    [this.#read, this.#position, this.#written] = [position, position, position];
  }

  async start(): Promise<void> {
    this.#known = new Set((await this.tools.dispatches.beyond(this.subscription.id, this.#position)).map(writeCursor));
    this.#ready = true;
    this.pump();
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** There may be new events. They are read from the outbox, so a hint that is lost or doubled does no harm. */
  hint(): void {
    this.#behind = true;
    this.pump();
  }

  /** Sends whatever may be sent now. */
  pump(): void {
    if (!this.#ready) return;
    while (!this.#stopped && this.#busy.size < this.#capacity()) {
      const job = this.#nextJob();
      if (!job) break;
      this.#run(job);
    }
    const behind = this.#behind && this.#queue.length < READ_AHEAD;
    if (!this.#stopped && !this.#loading && (behind || this.#isDue())) this.#load();
  }

  /** Begins nothing more; resolves once what is under way has been written. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.rest();
  }

  /** Resolves when nothing is under way, for now. */
  async rest(): Promise<void> {
    while (!this.idle) await Promise.all([this.#loading, ...this.#running]);
  }

  /** Writes down how far unwanted events have let us come. */
  async notePlace(): Promise<void> {
    if (!this.#stopped && isAfter(this.#position, this.#written)) await this.#record(null, false, null);
  }

  /** Whether nothing is under way. */
  get idle(): boolean {
    return this.#running.size === 0 && this.#loading === null;
  }

  #capacity(): number {
    return capacityOf(this.#health, this.#pace, this.tools.clock.now());
  }

  /** First attempts and retries take turns, so that neither starves the other. */
  #nextJob(): Job | null {
    this.#retryTurn = !this.#retryTurn;
    return this.#retryTurn ? (this.#nextRetry() ?? this.#nextFirst()) : (this.#nextFirst() ?? this.#nextRetry());
  }

  /** The oldest event of which no older one of the same subject waits or is under way. */
  #nextFirst(): Job | null {
    const blocked = new Set(this.#busy);
    for (const entry of this.#queue) {
      if (entry.state !== 'waiting') continue;
      const { event } = entry;
      if (!blocked.has(event.subject)) {
        entry.state = 'sent';
        return { subject: event.subject, work: () => this.#first(entry), undo: () => Object.assign(entry, { state: 'waiting' }) };
      }
      blocked.add(event.subject);
    }
    return null;
  }

  #nextRetry(): Job | null {
    const index = this.#due.findIndex(({ subject }) => !this.#busy.has(subject));
    const [dispatch] = index < 0 ? [] : this.#due.splice(index, 1);
    if (!dispatch) return null;
    return { subject: dispatch.subject, work: () => this.#again(dispatch), undo: () => this.#dueBy(this.tools.clock.now()) };
  }

  /** What fails unexpectedly is tried again at the next tick and not at once, since it may be the database. */
  #run({ subject, work, undo }: Job): void {
    this.#busy.add(subject);
    const run = work().then(
      () => {
        this.#busy.delete(subject);
        this.pump();
      },
      (error: unknown) => {
        this.#busy.delete(subject);
        undo();
        this.tools.failed(error);
      },
    );
    const done = run.finally(() => this.#running.delete(done));
    this.#running.add(done);
  }

  async #first(entry: Entry): Promise<void> {
    const late = this.tools.clock.now() - entry.event.occurredAt >= LOOK_AGAIN_AFTER_MS;
    if (late && !(await this.tools.outbox.at(entry.event.cursor))) return this.#skip(entry);
    const attempt = await this.#send(entry.event);
    await this.#conclude(newDispatch(this.subscription.id, entry.event), attempt, () => this.#settle(entry));
  }

  async #skip(entry: Entry): Promise<void> {
    this.#settle(entry);
    await this.#record(null, false, null);
  }

  async #again(dispatch: Dispatch): Promise<void> {
    try {
      const event = await this.tools.outbox.at(dispatch.cursor);
      if (event) await this.#conclude(dispatch, await this.#send(event));
      else await this.#record({ ...dispatch, state: 'exhausted', nextAttemptAt: null, error: 'the event is no longer kept' }, false, null);
    } finally {
      this.#retried.delete(writeCursor(dispatch.cursor));
    }
  }

  async #send(event: KeptEvent): Promise<Attempt> {
    const [told, now] = [await this.tools.presenter.present(event, this.#scopes), this.tools.clock.now()];
    const body = Buffer.from(JSON.stringify(told));
    const signed = signatureHeaders(told.id, now, body, secretsInForce(this.subscription, now));
    return tracedPost(event, this.subscription.id, (trace) => this.tools.post.post(this.subscription.url, { ...signed, ...trace }, body));
  }

  async #conclude(before: Dispatch, attempt: Attempt, settle: () => void = () => undefined): Promise<void> {
    // Cut by ourselves: it counts as never tried.
    if (this.tools.post.closed) return;
    this.tools.outcomes.measure(attempt);
    const now = this.tools.clock.now();
    const wasDown = isDown(this.#health);
    const done = succeeded(attempt);
    this.#health = learn(this.#health, attempt, now, this.tools.random());
    this.#pace = paceAfter(this.#pace, attempt);
    const disable = givenUpFor(this.#health, attempt, now);
    if (disable) this.#stopped = true;
    const dispatch = afterAttempt(before, attempt, now, this.tools.random());
    settle();
    await this.#record(dispatch, wasDown && done, disable);
    if (wasDown && done) this.#dueBy(now);
    else if (dispatch.nextAttemptAt !== null) this.#dueBy(dispatch.nextAttemptAt);
  }

  #dueBy(time: number): void {
    this.#nextDueAt = Math.min(this.#nextDueAt ?? time, time);
  }

  /** The place moves past an event only in the commit that writes what became of it. */
  async #record(dispatch: Dispatch | null, back: boolean, disable: DisabledReason | null): Promise<void> {
    const { id: subscriptionId } = this.subscription;
    this.#written = this.#position;
    await this.tools.outcomes.record({ subscriptionId, position: this.#position, health: this.#health, dispatch, back, disable });
  }

  #settle(entry: Entry): void {
    entry.state = 'settled';
    while (this.#queue[0]?.state === 'settled') this.#position = (this.#queue.shift() as Entry).event.cursor;
    if (this.#queue.length === 0) this.#position = this.#read;
  }

  #take(event: KeptEvent): void {
    this.#read = event.cursor;
    if (wants(this.subscription, event) && !this.#known.has(writeCursor(event.cursor))) this.#queue.push({ event, state: 'waiting' });
    else if (this.#queue.length === 0) this.#position = event.cursor;
  }

  #isDue(): boolean {
    return this.#nextDueAt !== null && this.#due.length === 0 && this.#nextDueAt <= this.tools.clock.now() && this.#capacity() > 0;
  }

  #load(): void {
    this.#loading = this.#loadAll().then(
      () => {
        this.#loading = null;
        this.pump();
      },
      (error: unknown) => {
        this.#loading = null;
        this.tools.failed(error);
      },
    );
  }

  async #loadAll(): Promise<void> {
    if (this.#isDue()) await this.#loadDue();
    if (!this.#behind || this.#queue.length >= READ_AHEAD) return;
    // Before the reading: a hint that comes meanwhile makes us read once more.
    this.#behind = false;
    try {
      const page = await this.tools.outbox.after(this.#read, PAGE);
      for (const event of page) this.#take(event);
      if (page.length === PAGE) this.#behind = true;
    } catch (error) {
      this.#behind = true;
      throw error;
    }
  }

  async #loadDue(): Promise<void> {
    const { tools, subscription } = this;
    const now = tools.clock.now();
    this.#nextDueAt = null;
    try {
      const found = await tools.dispatches.due(subscription.id, now, DUE_PAGE);
      const fresh = found.filter(({ cursor }) => !this.#retried.has(writeCursor(cursor)));
      for (const { cursor } of fresh) this.#retried.add(writeCursor(cursor));
      this.#due.push(...fresh);
      const next = found.length === DUE_PAGE ? now : await tools.dispatches.nextDueAt(subscription.id, now);
      if (next !== null) this.#dueBy(next);
    } catch (error) {
      this.#dueBy(now);
      throw error;
    }
  }
}

/** One attempt to be made: `undo` when it could not even be made. */
interface Job {
  subject: string;
  work: () => Promise<void>;
  undo: () => void;
}
