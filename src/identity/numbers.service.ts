import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { Dialog360Client } from '#dialog360/dialog360.client.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { NumbersStore } from './numbers.store.js';
import { assertSameNumber, OtherNumber } from './other-number.js';
import type { OurNumber } from './our-number.js';

/** What 360dialog says when it is asked whose key it is: a number or at least its health, a refusal, or nothing. */
type Heard = 'answer' | 'refusal' | 'nothing';

/**
 * Which business number is ours. It is configured, or read once from `GET /health_status` and kept: until it is known,
 * deliveries are kept but not interpreted. In live mode the number that 360dialog names for `D360_API_KEY` is compared with
 * the known one before anything is sent to a user.
 */
@Injectable()
export class NumbersService {
  #current: OurNumber | null = null;
  #learning: Promise<OurNumber | null> | null = null;
  #asking: Promise<Heard> | null = null;
  /** Whether 360dialog has named the number of the key, or has answered without one, which no further question changes. */
  #isProven: boolean;
  #onOther: (error: OtherNumber) => void = () => undefined;

  constructor(
    private readonly numbers: NumbersStore,
    private readonly dialog360: Dialog360Client,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    this.#isProven = settings.mode === 'simulator';
  }

  /** The number, if it is known by now. */
  get current(): OurNumber | null {
    return this.#current;
  }

  /** Learns the number when it is not known yet; several callers share one attempt, and a failure is no error. */
  learn(): Promise<OurNumber | null> {
    if (this.#current) return Promise.resolve(this.#current);
    this.#learning ??= this.#find().finally(() => {
      this.#learning = null;
    });
    return this.#learning;
  }

  /** Runs when the key turns out to be of another number, whichever request finds that out. */
  onOther(handler: (error: OtherNumber) => void): void {
    this.#onOther = handler;
  }

  /**
   * Compares the number of the key with the configured one and those of the database. After the first answer nothing is asked
   * any more; in simulator mode there is nothing to compare.
   * @returns false while 360dialog gives no answer
   * @throws OtherNumber
   */
  async prove(): Promise<boolean> {
    return this.#isProven || (await this.#ask()) === 'answer';
  }

  /**
   * The number a request is about.
   * @throws Problem `unknown_number` for another's, `upstream_unavailable` while ours cannot be learnt.
   */
  async require(phoneNumberId?: string): Promise<OurNumber> {
    const ours = await this.learn();
    if (!ours) throw new Problem('upstream_unavailable');
    if (phoneNumberId !== undefined && phoneNumberId !== ours.phoneNumberId) {
      throw new Problem('unknown_number', {
        params: { phone_number_id: phoneNumberId },
        errors: [{ field: 'phone_number_id', message: { en: `must be ${ours.phoneNumberId}`, es: `debe ser ${ours.phoneNumberId}` } }],
      });
    }
    return ours;
  }

  /**
   * As `require`, for what reaches a user or changes the number: not before 360dialog was asked whose key it is. A refusal to
   * say it blocks nothing.
   * @throws Problem `unknown_number`, `upstream_unavailable` while 360dialog cannot be asked
   */
  async requireProven(phoneNumberId?: string): Promise<OurNumber> {
    const number = await this.require(phoneNumberId);
    if (this.#isProven) return number;
    if ((await this.#ask().catch(asNothing)) === 'nothing') throw new Problem('upstream_unavailable');
    return this.require(phoneNumberId);
  }

  /** Whether a webhook is meant for our number, by id or by display number; null when it names none. */
  isOurs(phoneNumberId: string | null, displayPhoneNumber: string | null): boolean | null {
    if (phoneNumberId !== null) return phoneNumberId === this.#current?.phoneNumberId;
    const display = this.#current?.displayPhoneNumber ?? null;
    return displayPhoneNumber === null || display === null ? null : displayPhoneNumber === display;
  }

  /** Webhooks carry the display number in their metadata; it locates account webhooks, which carry nothing else. */
  async learnDisplay(displayPhoneNumber: string): Promise<void> {
    if (!this.#current || this.#current.displayPhoneNumber === displayPhoneNumber) return;
    this.#current = { ...this.#current, displayPhoneNumber };
    await this.numbers.save(this.#current);
  }

  async #find(): Promise<OurNumber | null> {
    const configured = this.settings.dialog360.phoneNumberId;
    const kept = (await this.numbers.all()).find((one) => configured === null || one.phoneNumberId === configured);
    if (kept) this.#current = kept;
    else await this.#ask().catch(asNothing);
    return this.#current;
  }

  /** Several callers share one question. @throws OtherNumber */
  #ask(): Promise<Heard> {
    this.#asking ??= this.#askOnce()
      .catch((error) => {
        if (error instanceof OtherNumber) this.#onOther(error);
        throw error;
      })
      .finally(() => {
        this.#asking = null;
      });
    return this.#asking;
  }

  async #askOnce(): Promise<Heard> {
    const configured = this.settings.dialog360.phoneNumberId;
    const kept = await this.numbers.all();
    const answer = await this.dialog360.readHealth().catch(heardIn);
    const health = typeof answer === 'string' ? null : answer;
    const named = health?.phoneNumberId ?? null;
    if (this.settings.mode === 'live') assertSameNumber(named, configured, kept);
    // A mistyped id would stay in the database, so a configured number is kept only once 360dialog has been heard.
    await this.#take(configured ?? named, health?.wabaId ?? null, kept, answer !== 'nothing' || this.settings.mode === 'simulator');
    if (health) this.#isProven = true;
    return typeof answer === 'string' ? answer : 'answer';
  }

  async #take(phoneNumberId: string | null, wabaId: string | null, kept: readonly OurNumber[], isKept: boolean): Promise<void> {
    if (phoneNumberId === null) return;
    const current = this.#current?.phoneNumberId === phoneNumberId ? this.#current : null;
    const known = kept.find((one) => one.phoneNumberId === phoneNumberId);
    this.#current = current ?? known ?? { phoneNumberId, displayPhoneNumber: null, wabaId, learnedAt: this.clock.now() };
    if (!known && isKept) await this.numbers.save(this.#current);
  }
}

/** What a failed reading of the health says: 360dialog refuses to name the number, or could not be asked. */
function heardIn(error: unknown): Heard {
  const status = error instanceof Problem ? error.upstream?.status : undefined;
  return status !== undefined && status < 500 && status !== 408 && status !== 429 ? 'refusal' : 'nothing';
}

/** `onOther` takes care of another number. */
function asNothing(error: unknown): Heard {
  if (error instanceof OtherNumber) return 'nothing';
  throw error;
}
