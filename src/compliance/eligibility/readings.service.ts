import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { Health } from '#dialog360/number-reading.js';
import { ListenersService } from '#events/listeners.service.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Lines } from '#numbers/lines.js';
import { Store } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import {
  type CallingSettings,
  type LatestReading,
  READING,
  type Reading,
  type RegisteredWebhook,
  type ReportedRestriction,
  toLatestReading,
  withoutSecrets,
  withoutToken,
} from './reading.js';
import { ReadingsStore } from './readings.store.js';

/** How a reading is requested. */
export interface ReadOptions {
  /** Reads from 360dialog, even when the cached reading is fresh. */
  refresh?: boolean;
  /** Timeout in ms: after it the cached reading is the answer, and the request goes on in the background. */
  timeoutMs?: number;
}

/** Backoff after a failure. */
const BACKOFF_MS = 5 * SECOND;
/** `last_call_event` is exact in memory and written this often. */
const KEEP_CALL_EVENT_MS = 10 * SECOND;

/** How a reading is obtained. */
interface Origin<T> {
  name: string;
  source: string;
  /** @param at when the reading began, in ms since 1970 */
  read: (dialog360: Dialog360Client, at: number) => Promise<T>;
}

const SETTINGS: Origin<CallingSettings> = {
  name: READING.settings,
  source: 'settings',
  read: async (dialog360, readAt) => ({ calling: withoutSecrets((await dialog360.readSettings()).calling), complete: true, readAt }),
};
const HEALTH: Origin<Health> = { name: READING.health, source: 'health_status', read: (dialog360) => dialog360.readHealth() };
const REGISTRATION: Origin<RegisteredWebhook> = {
  name: READING.registration,
  source: 'webhook_config',
  read: async (dialog360) => {
    const { url } = await dialog360.readWebhook();
    // It may be another system's, with its secrets: they are neither kept nor shown.
    return { url: url && withoutToken(url) };
  },
};

/** The attempts to read one value of one number; one runs at a time. */
interface Attempts {
  running: Promise<void> | null;
  startedAt: number;
  /** How many have ended. */
  ended: number;
  failedAt: number | null;
  /** An error code; null after a success. */
  reason: string | null;
  succeededAt: number | null;
}

/**
 * The readings of a number: a cache in front of 360dialog. Each is read when it is older than `readingMaxAgeMs`, once for all callers
 * that wait meanwhile, and stored. A failure is no error: the stored value is the answer, with its age and the reason.
 */
@Injectable()
export class ReadingsService {
  readonly #attempts = new Map<string, Attempts>();
  readonly #callEvents = new Map<string, { at: number; keptAt: number }>();

  constructor(
    private readonly readings: ReadingsStore,
    private readonly lines: Lines,
    private readonly store: Store,
    private readonly limits: Settings,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(ListenersService) private readonly present: Pick<ListenersService, 'count' | 'paused'>,
  ) {}

  /**
   * Meta's `calling` object without SIP passwords. A reading from webhooks alone is incomplete, so the service reads the settings
   * again.
   */
  settings(phoneNumberId: string, options?: ReadOptions): Promise<LatestReading<CallingSettings>> {
    return this.#latest(phoneNumberId, SETTINGS, options, ({ value }) => value.complete);
  }

  /** Meta's health status of the number and of the entities that it depends on. */
  health(phoneNumberId: string, options?: ReadOptions): Promise<LatestReading<Health>> {
    return this.#latest(phoneNumberId, HEALTH, options);
  }

  /** The webhook URL in force at 360dialog, the values of its query redacted; the URL is null when 360dialog has none. */
  registration(phoneNumberId: string, options?: ReadOptions): Promise<LatestReading<RegisteredWebhook>> {
    return this.#latest(phoneNumberId, REGISTRATION, options);
  }

  /** The webhook that was registered when 360dialog was last asked; it is not asked now. Null when it never was. */
  keptRegistration(phoneNumberId: string): Promise<Reading<RegisteredWebhook> | null> {
    return this.#kept(phoneNumberId, REGISTRATION);
  }

  /** The restrictions that webhooks reported. */
  async restrictions(phoneNumberId: string): Promise<LatestReading<ReportedRestriction[]>> {
    return toLatestReading(await this.readings.find<ReportedRestriction[]>(this.store.read, phoneNumberId, READING.restrictions));
  }

  /** What the latest readings say about our key: when it was last accepted, and whether it was refused since. */
  key(phoneNumberId: string): { acceptedAt: number | null; rejected: boolean } {
    const all = [SETTINGS, HEALTH, REGISTRATION].map((origin) => this.#attemptsOf(phoneNumberId, origin));
    const acceptedAt = latest(all.map(({ succeededAt }) => succeededAt));
    const rejectedAt = latest(all.map(({ reason, failedAt }) => (reason === 'upstream_key_rejected' ? failedAt : null)));
    return { acceptedAt, rejected: rejectedAt !== null && (acceptedAt === null || rejectedAt >= acceptedAt) };
  }

  /** Notes that a call event has arrived. @returns whether that is due to be kept, which it is at most every 10 s */
  noteCallEvent(phoneNumberId: string, at: number): boolean {
    const last = this.#callEvents.get(phoneNumberId) ?? { at: 0, keptAt: 0 };
    const due = at - last.keptAt >= KEEP_CALL_EVENT_MS;
    this.#callEvents.set(phoneNumberId, { at: Math.max(at, last.at), keptAt: due ? at : last.keptAt });
    return due;
  }

  /** When the last call event of this number arrived; null when none ever has. */
  async lastCallEventAt(phoneNumberId: string): Promise<number | null> {
    const kept = await this.readings.find(this.store.read, phoneNumberId, READING.lastCallEvent);
    return latest([this.#callEvents.get(phoneNumberId)?.at ?? null, kept?.observedAt ?? null]);
  }

  /** How many consumers would receive an inbound call; null when unknown. */
  listeners(phoneNumberId: string): Promise<number | null> {
    return this.present.count(phoneNumberId);
  }

  /** How many subscriptions for a number are paused because their key is gone or lacks a scope. */
  pausedSubscriptions(phoneNumberId: string): Promise<number> {
    return this.present.paused(phoneNumberId);
  }

  async #latest<T>(
    phoneNumberId: string,
    origin: Origin<T>,
    { refresh = false, timeoutMs }: ReadOptions = {},
    suffices: (reading: Reading<T>) => boolean = () => true,
  ): Promise<LatestReading<T>> {
    const attempts = this.#attemptsOf(phoneNumberId, origin);
    const now = this.clock.now();
    const { ended } = attempts;
    const kept = await this.#kept(phoneNumberId, origin);
    // An attempt that ended while the cache was read is as good as one that this caller waits for.
    if (attempts.ended > ended && !refresh) return toLatestReading(await this.#kept(phoneNumberId, origin), attempts.reason);
    const fresh = kept !== null && suffices(kept) && kept.observedAt > now - this.limits.readingMaxAgeMs;
    if (fresh && !refresh) return toLatestReading(kept);
    const backingOff = attempts.failedAt !== null && now - attempts.failedAt < BACKOFF_MS;
    if (backingOff && !refresh && !attempts.running) return toLatestReading(kept, attempts.reason);
    const late = await inTime(this.#readAgain(phoneNumberId, origin, attempts, refresh ? now : 0), timeoutMs);
    return toLatestReading(await this.#kept(phoneNumberId, origin), late ? 'upstream_unavailable' : attempts.reason);
  }

  /** Joins the attempt that runs, unless it began before `since`; then another follows it. */
  async #readAgain<T>(phoneNumberId: string, origin: Origin<T>, attempts: Attempts, since: number): Promise<void> {
    while (attempts.running && attempts.startedAt < since) await attempts.running;
    if (!attempts.running) {
      attempts.startedAt = this.clock.now();
      attempts.running = this.#read(phoneNumberId, origin, attempts).finally(() => {
        attempts.running = null;
        attempts.ended += 1;
      });
    }
    await attempts.running;
  }

  async #read<T>(phoneNumberId: string, origin: Origin<T>, attempts: Attempts): Promise<void> {
    const { name, source } = origin;
    try {
      const value = await origin.read(this.lines.of(phoneNumberId), attempts.startedAt);
      const reading: Reading<T> = { name, value, source, scope: 'number', observedAt: attempts.startedAt };
      await this.store.write((tx) => this.readings.save(tx, phoneNumberId, reading));
      Object.assign(attempts, { succeededAt: this.clock.now(), failedAt: null, reason: null });
    } catch (error) {
      if (!(error instanceof Problem))
        this.log.pino.error({ event: 'eligibility.reading_not_stored', error, reading: name }, 'a reading could not be stored');
      Object.assign(attempts, { failedAt: this.clock.now(), reason: error instanceof Problem ? error.code : 'store_unavailable' });
    }
  }

  #kept<T>(phoneNumberId: string, { name, source }: Origin<T>): Promise<Reading<T> | null> {
    return this.readings.find<T>(this.store.read, phoneNumberId, name, source);
  }

  #attemptsOf(phoneNumberId: string, { name }: Origin<unknown>): Attempts {
    const key = `${phoneNumberId}:${name}`;
    const known = this.#attempts.get(key) ?? { running: null, startedAt: 0, ended: 0, failedAt: null, reason: null, succeededAt: null };
    this.#attempts.set(key, known);
    return known;
  }
}

/** Whether the timeout came first. */
async function inTime(work: Promise<void>, timeoutMs: number | undefined): Promise<boolean> {
  if (timeoutMs === undefined) return work.then(() => false);
  const over = new AbortController();
  const timeout = wait(timeoutMs, true, { signal: over.signal, ref: false }).catch(() => false);
  return Promise.race([work.then(() => false), timeout]).finally(() => over.abort());
}

const latest = (times: readonly (number | null)[]): number | null =>
  times.reduce((newest, time) => (time !== null && (newest === null || time > newest) ? time : newest), null);
