import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { PacedRuns } from '#compliance/schedule/paced-runs.js';
import { nextSlot, type Schedule, slotBefore } from '#compliance/schedule/slots.service.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Lines } from '#numbers/lines.js';
import { Log } from '#telemetry/log.js';
import { PollsService } from './polls.service.js';
import type { Cause } from './snapshot.js';

/** The start asks in the background, too. */
const UNPROVEN_MS = 15 * SECOND;
/** Replicas and gateways of one partner do not ask in the same moment. */
const JITTER_MS = 3 * SECOND;
/** Replicas notice a number that was added within this time. */
const ADDED_MS = 30 * SECOND;
/** One that hangs ends within some timeouts of a request to 360dialog. */
const LIMITS = { mostAtOnce: 20, mostPerSecond: 5 };

/** A poll that is to begin. `notSince`: not when one of the number has begun since then; null for the rule of its cause. */
interface DuePoll {
  cause: Cause;
  notSince: number | null;
}

/** The turn of a number, and the schedule by which it was found. */
interface Turn extends DuePoll {
  at: number;
  schedule: string | null;
}

/**
 * Polls each number soon after the start, and then by its `poll_cron` in its time zone. A number that is alone is polled at the moments of its
 * schedule; several have their turns spread over the interval (`schedule/slots.service.ts`). A poll that still runs makes the next one wait for its turn.
 */
@Injectable()
export class PollJob implements OnModuleDestroy {
  readonly #turns = new Map<string, Turn>();
  readonly #runs = new PacedRuns<DuePoll>(LIMITS, (id, due) => this.#run(id, due));
  /** Whether the numbers of the start are known. */
  #hasStarted = false;

  constructor(
    private readonly polls: PollsService,
    private readonly numbers: NumbersService,
    private readonly lines: Lines,
    private readonly settings: SettingsOfNumbers,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async onModuleDestroy(): Promise<void> {
    this.#runs.stop();
  }

  /** Hands over the polls whose turn has come. The first tick comes a second after the start: the server listens then. */
  @Interval(SECOND)
  tick(): void {
    const now = this.clock.now();
    const polled = this.numbers.all().filter(({ state }) => state !== 'removing');
    const isAlone = polled.length === 1;
    for (const { phoneNumberId } of polled) {
      const turn = this.#turnOf(phoneNumberId, isAlone, now);
      if (turn.at > now) continue;
      this.#runs.want(phoneNumberId, turn);
      this.#turns.set(phoneNumberId, this.#nextTurn(phoneNumberId, isAlone, now));
    }
    this.#hasStarted ||= polled.length > 0;
    const left = new Set(polled.map(({ phoneNumberId }) => phoneNumberId));
    for (const id of this.#turns.keys()) if (!left.has(id)) this.#turns.delete(id);
  }

  /** Resolves when no poll runs. */
  idle(): Promise<void> {
    return this.#runs.idle();
  }

  #turnOf(phoneNumberId: string, isAlone: boolean, now: number): Turn {
    const known = this.#turns.get(phoneNumberId);
    if (!known) return this.#firstTurn(phoneNumberId, isAlone, now);
    if (known.schedule === null || known.schedule === nameOf(this.#scheduleOf(phoneNumberId), isAlone)) return known;
    const turn = this.#nextTurn(phoneNumberId, isAlone, now);
    this.#turns.set(phoneNumberId, turn);
    return turn;
  }

  /** At once. Where there are several, a restart polls only those that have missed a turn, and replicas one that was added once. */
  #firstTurn(phoneNumberId: string, isAlone: boolean, now: number): Turn {
    const sinceStart = isAlone ? null : slotBefore(this.#scheduleOf(phoneNumberId), phoneNumberId, now);
    return { at: now, schedule: null, cause: 'start', notSince: this.#hasStarted ? now - ADDED_MS : sinceStart };
  }

  #nextTurn(phoneNumberId: string, isAlone: boolean, now: number): Turn {
    const schedule = this.#scheduleOf(phoneNumberId);
    const slot = nextSlot(schedule, isAlone ? null : phoneNumberId, now);
    const name = nameOf(schedule, isAlone);
    if (isAlone) return { at: slot + Math.random() * JITTER_MS, schedule: name, cause: 'schedule', notSince: null };
    return { at: slot, schedule: name, cause: 'schedule', notSince: slot - ADDED_MS };
  }

  #scheduleOf(phoneNumberId: string): Schedule {
    const { pollCron: cron, timeZone } = this.settings.of(phoneNumberId);
    return { cron, timeZone };
  }

  async #run(phoneNumberId: string, due: DuePoll): Promise<void> {
    try {
      const number = this.numbers.byId(phoneNumberId);
      if (number && number.state !== 'removing') await this.#poll(number, due);
    } catch (error) {
      if (!(error instanceof Problem))
        this.log.pino.error({ event: 'polling.poll_not_started', error }, 'a poll could not begin; the next one tries again');
    }
  }

  /** What a key of another number reads is not stored: one that is not proven comes again a little later. */
  async #poll(number: BusinessNumber, due: DuePoll): Promise<void> {
    if (await this.lines.isProven(number)) {
      const { done } = await this.polls.begin(number, due.cause, due.notSince);
      return done;
    }
    this.#turns.set(number.phoneNumberId, { ...due, at: this.clock.now() + UNPROVEN_MS, schedule: null });
  }
}

const nameOf = ({ cron, timeZone }: Schedule, isAlone: boolean): string => `${timeZone} ${cron} ${isAlone}`;
