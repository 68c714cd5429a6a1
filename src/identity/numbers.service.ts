import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { Dialog360Client } from '#dialog360/dialog360.client.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { phoneKey } from '#kernel/wa-id.js';
import { SingleFlight } from '#kernel/wake-up-loop.js';
import { NumbersStore } from './numbers.store.js';
import { assertSameNumber, OtherNumber } from './other-number.js';
import type { OurNumber } from './our-number.js';

/** The number for which a webhook is, as far as the webhook names it. */
export type NamedNumber = Pick<OurNumber, 'displayPhoneNumber' | 'wabaId'> & { phoneNumberId: string | null };

/** The answer of 360dialog to a reading of the health, which names the number of the key; nothing when none came. */
type HealthResult = 'answer' | 'refusal' | 'nothing';

/**
 * Finds the business number of this gateway: it is configured, or read once from `GET /health_status` and stored. Until it is
 * known, the inbox stores deliveries and does not process them. In live mode the service compares the number that 360dialog
 * names for `D360_API_KEY` with the known one before the first command reaches a user.
 */
@Injectable()
export class NumbersService {
  #current: OurNumber | null = null;
  readonly #finding = new SingleFlight<OurNumber | null>();
  readonly #asking = new SingleFlight<HealthResult>();
  /** Whether 360dialog has named the number of the key, or has answered without one, which another request would not change. */
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

  /** The number; null while it is not known. */
  get current(): OurNumber | null {
    return this.#current;
  }

  /** Finds the number when it is not known yet; concurrent callers share one attempt. @returns null after a failed attempt */
  learn(): Promise<OurNumber | null> {
    return this.#current ? Promise.resolve(this.#current) : this.#finding.run(() => this.#find());
  }

  /** Registers what runs when any request finds that the key belongs to another number. */
  onOther(handler: (error: OtherNumber) => void): void {
    this.#onOther = handler;
  }

  /**
   * Compares the number of the key with the configured one and those of the database. After the first answer it sends no
   * further request; in simulator mode there is nothing to compare.
   * @returns false while 360dialog gives no answer
   * @throws OtherNumber
   */
  async prove(): Promise<boolean> {
    return this.#isProven || (await this.#ask()) === 'answer';
  }

  /**
   * The number that a request is about.
   * @throws Problem `unknown_number` for another number, `upstream_unavailable` while the number of the gateway is unknown
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
   * As `require`, for commands that reach a user or change the number: 360dialog must have answered before which number the key
   * has. A refusal to answer blocks nothing.
   * @throws Problem `unknown_number`, `upstream_unavailable` while 360dialog gives no answer
   */
  async requireProven(phoneNumberId?: string): Promise<OurNumber> {
    const number = await this.require(phoneNumberId);
    if (this.#isProven) return number;
    if ((await this.#ask().catch(asNothing)) === 'nothing') throw new Problem('upstream_unavailable');
    return this.require(phoneNumberId);
  }

  /**
   * Whether a webhook is for our number: by id, else by display number, else by the account (WABA) to which it belongs. Null when
   * none of them decides it; then it is ours, since 360dialog delivers here what concerns our number.
   */
  isOurs({ phoneNumberId, displayPhoneNumber, wabaId }: NamedNumber): boolean | null {
    if (phoneNumberId !== null) return phoneNumberId === this.#current?.phoneNumberId;
    const { displayPhoneNumber: display = null, wabaId: waba = null } = this.#current ?? {};
    if (displayPhoneNumber !== null && display !== null) return phoneKey(displayPhoneNumber) === phoneKey(display);
    const account = accountOf(wabaId);
    if (account === null || waba === null) return null;
    return account !== waba ? false : displayPhoneNumber === null || null;
  }

  /** Stores the account (WABA) that a webhook about our number names. */
  async learnAccount(wabaId: string): Promise<void> {
    const account = accountOf(wabaId);
    if (!this.#current || account === null || this.#current.wabaId === account) return;
    this.#current = { ...this.#current, wabaId: account };
    await this.numbers.save(this.#current);
  }

  /** Stores the display number from the metadata of a webhook; account webhooks name the number by nothing else. */
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

  /** Concurrent callers share one request. @throws OtherNumber */
  #ask(): Promise<HealthResult> {
    return this.#asking.run(() =>
      this.#askOnce().catch((error) => {
        if (error instanceof OtherNumber) this.#onOther(error);
        throw error;
      }),
    );
  }

  async #askOnce(): Promise<HealthResult> {
    const configured = this.settings.dialog360.phoneNumberId;
    const kept = await this.numbers.all();
    const answer = await this.dialog360.readHealth().catch(resultOf);
    const health = typeof answer === 'string' ? null : answer;
    const named = health?.phoneNumberId ?? null;
    if (this.settings.mode === 'live') assertSameNumber(named, configured, kept);
    // A mistyped id would stay in the database, so a configured number is stored only after an answer of 360dialog.
    await this.#adopt(configured ?? named, health?.wabaId ?? null, kept, answer !== 'nothing' || this.settings.mode === 'simulator');
    if (health) this.#isProven = true;
    return typeof answer === 'string' ? answer : 'answer';
  }

  async #adopt(phoneNumberId: string | null, wabaId: string | null, kept: readonly OurNumber[], isKept: boolean): Promise<void> {
    if (phoneNumberId === null) return;
    const current = this.#current?.phoneNumberId === phoneNumberId ? this.#current : null;
    const known = kept.find((one) => one.phoneNumberId === phoneNumberId);
    this.#current = current ?? known ?? { phoneNumberId, displayPhoneNumber: null, wabaId, learnedAt: this.clock.now() };
    const toldAccount = this.#current.wabaId === null && wabaId !== null;
    if (toldAccount) this.#current = { ...this.#current, wabaId };
    if ((!known || toldAccount) && isKept) await this.numbers.save(this.#current);
  }
}

/** The result of a failed reading: 360dialog refused to name the number, or gave no answer. */
function resultOf(error: unknown): HealthResult {
  const status = error instanceof Problem ? error.upstream?.status : undefined;
  return status !== undefined && status < 500 && status !== 408 && status !== 429 ? 'refusal' : 'nothing';
}

/** `entry[].id` as an account; some account webhooks have `"0"` there. */
const accountOf = (wabaId: string | null): string | null => (wabaId === '0' ? null : wabaId);

/** `onOther` takes care of another number. */
function asNothing(error: unknown): HealthResult {
  if (error instanceof OtherNumber) return 'nothing';
  throw error;
}
