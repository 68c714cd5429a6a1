import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { LineProof } from '#dialog360/line-proof.js';
import type { Health } from '#dialog360/number-reading.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { phoneKey } from '#kernel/wa-id.js';
import { SingleFlight } from '#kernel/wake-up-loop.js';
import type { Store } from '#store/store.js';
import { type KeptNumber, NumbersStore } from './numbers.store.js';
import { assertSameNumber, OtherNumber } from './other-number.js';
import type { OurNumber } from './our-number.js';

/** With a proof of an earlier answer, a command waits this long for 360dialog to name the number again. */
const CONFIRMATION_TIMEOUT_MS = 2 * SECOND;

/** The number for which a webhook is, as far as the webhook names it. */
export type NamedNumber = Pick<OurNumber, 'displayPhoneNumber' | 'wabaId'> & { phoneNumberId: string | null };

/**
 * Finds the business number of this gateway: 360dialog names it in `GET /health_status`, and it is stored. Until it is known, the
 * inbox stores deliveries and does not process them.
 *
 * In live mode nothing but that reading goes to 360dialog before it has named the number of `D360_API_KEY`, and that number is the
 * one of the configuration and of the database. The proof is stored with a digest of the key: the same key keeps it over a
 * restart, also while 360dialog does not answer; another key needs a proof of its own. Every later answer is compared, too.
 */
@Injectable()
export class NumbersService implements LineProof {
  #current: OurNumber | null = null;
  readonly #finding = new SingleFlight<OurNumber | null>();
  readonly #asking = new SingleFlight<Problem | null>();
  /** Whether 360dialog has named the number of the key to this process; in simulator mode there is nothing to compare. */
  #isNamed: boolean;
  /** Why the latest attempt named no number. */
  #unproven: Problem | null = null;
  #onOther: (error: OtherNumber) => void = () => undefined;

  constructor(
    private readonly numbers: NumbersStore,
    private readonly dialog360: Dialog360Client,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    this.#isNamed = settings.mode === 'simulator';
    dialog360.proof = this;
  }

  /** The numbers of a database, for a command beside its gateway. */
  static keptIn(store: Store): Promise<OurNumber[]> {
    return new NumbersStore(store).all();
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
   * Asks 360dialog for the number of the key and compares it. Once it is named, this sends no further request.
   * @returns false while 360dialog names no number
   * @throws OtherNumber
   */
  async prove(): Promise<boolean> {
    return this.#isNamed || (await this.#ask()) === null;
  }

  /**
   * The number that a request is about. A configured number whose key 360dialog refuses can be asked about, and is not stored.
   * @throws Problem `unknown_number` for another number; the reason while the number of the gateway is unknown, such as
   * `upstream_unavailable`
   */
  async require(phoneNumberId?: string): Promise<OurNumber> {
    const ours = (await this.learn()) ?? this.#declared();
    if (!ours) throw this.#unproven ?? new Problem('upstream_unavailable');
    if (phoneNumberId !== undefined && phoneNumberId !== ours.phoneNumberId) {
      throw new Problem('unknown_number', {
        params: { phone_number_id: phoneNumberId },
        errors: [{ field: 'phone_number_id', message: { en: `must be ${ours.phoneNumberId}`, es: `debe ser ${ours.phoneNumberId}` } }],
      });
    }
    return ours;
  }

  /**
   * As `require`, for commands that reach a user or change the number: the key must be proven to be the number's before anything
   * is written or sent.
   * @throws Problem as `require` and `assertProven`
   */
  async requireProven(phoneNumberId?: string): Promise<OurNumber> {
    await this.require(phoneNumberId);
    await this.assertProven();
    return this.require(phoneNumberId);
  }

  /**
   * Passes when 360dialog has named the number of this key, to this process or earlier.
   * @throws Problem `number_unproven`, `upstream_unavailable`, `upstream_key_rejected`, `other_number`
   */
  async assertProven(): Promise<void> {
    if (this.#isNamed) return;
    const isKept = (await this.numbers.all()).some((one) => one.keyDigest !== null && one.keyDigest === this.#digest(one.phoneNumberId));
    const asked = this.#ask();
    asked.catch(() => undefined);
    const late = isKept ? pause(CONFIRMATION_TIMEOUT_MS, null, { ref: false }) : asked;
    const problem = await Promise.race([asked, late]);
    if (problem && !isKept) throw problem;
  }

  /** Compares the number that a health names with ours, and stores it when it is new or the key is. @throws OtherNumber */
  async observe({ phoneNumberId: named, wabaId }: Health): Promise<void> {
    if (this.#isNamed && this.#current !== null && (named ?? this.#current.phoneNumberId) === this.#current.phoneNumberId) return;
    const kept = await this.numbers.all();
    this.#compare(named, kept);
    // The owner's own word counts where 360dialog takes the key and names no number.
    const phoneNumberId = named ?? this.#configured;
    if (phoneNumberId === null) return;
    await this.#adopt(phoneNumberId, wabaId, kept, named === null ? null : this.#digest(phoneNumberId));
    this.#isNamed = true;
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

  /** The simulator has one number, whatever is configured. */
  get #configured(): string | null {
    return this.settings.mode === 'live' ? this.settings.dialog360.phoneNumberId : null;
  }

  /** The configured number, once 360dialog has answered to its key without naming one. */
  #declared(): OurNumber | null {
    const phoneNumberId = this.#unproven?.upstream ? this.#configured : null;
    return phoneNumberId === null ? null : { phoneNumberId, displayPhoneNumber: null, wabaId: null, learnedAt: this.clock.now() };
  }

  async #find(): Promise<OurNumber | null> {
    const configured = this.#configured;
    const kept = (await this.numbers.all()).find((one) => configured === null || one.phoneNumberId === configured);
    if (kept) this.#current = withoutProof(kept);
    else await this.#ask().catch(leftToHandler);
    return this.#current;
  }

  /** Concurrent callers share one request. @returns why no number is named; null when one is @throws OtherNumber */
  #ask(): Promise<Problem | null> {
    return this.#asking.run(async () => {
      this.#unproven = await this.#askOnce();
      return this.#unproven;
    });
  }

  async #askOnce(): Promise<Problem | null> {
    this.#compare(null, await this.numbers.all());
    try {
      await this.dialog360.readHealth();
    } catch (error) {
      if (!(error instanceof Problem) || error instanceof OtherNumber) throw error;
      return unprovenBy(error);
    }
    return this.#isNamed ? null : new Problem('number_unproven', { params: { message: NAMES_NONE } });
  }

  #compare(named: string | null, kept: readonly OurNumber[]): void {
    if (this.settings.mode === 'simulator') return;
    try {
      assertSameNumber(named, this.#configured, kept);
    } catch (error) {
      this.#isNamed = false;
      if (error instanceof OtherNumber) this.#onOther(error);
      throw error;
    }
  }

  async #adopt(phoneNumberId: string, wabaId: string | null, all: readonly KeptNumber[], keyDigest: string | null): Promise<void> {
    const kept = all.find((one) => one.phoneNumberId === phoneNumberId);
    const current = this.#current?.phoneNumberId === phoneNumberId ? this.#current : null;
    const number = current ??
      (kept && withoutProof(kept)) ?? { phoneNumberId, displayPhoneNumber: null, wabaId, learnedAt: this.clock.now() };
    const toldAccount = number.wabaId === null && wabaId !== null;
    this.#current = toldAccount ? { ...number, wabaId } : number;
    const isNew = keyDigest !== null && kept?.keyDigest !== keyDigest;
    if (!kept || isNew || toldAccount) await this.numbers.save(this.#current, keyDigest === null ? {} : { keyDigest });
  }

  /** A key is long and random, so its digest gives nothing of it away. */
  #digest(phoneNumberId: string): string {
    return createHash('sha256').update(`${phoneNumberId}\0${this.settings.dialog360.apiKey.reveal()}`).digest('hex');
  }
}

const NAMES_NONE = 'HTTP 200, no number';

const withoutProof = ({ keyDigest: _, ...number }: KeptNumber): OurNumber => number;

/** Why a failed reading of the health proves no number. */
function unprovenBy(problem: Problem): Problem {
  const { code, upstream, retryAt, params } = problem;
  // These say themselves what is wrong, and what to do.
  if (code === 'upstream_unavailable' || code === 'upstream_key_rejected') return problem;
  const words = upstream ? [`HTTP ${upstream.status}`, upstream.message, upstream.details].filter(Boolean).join(', ') : params.message;
  return new Problem('number_unproven', { params: { message: words ?? code }, upstream, retryAt, onReading: true });
}

/** `entry[].id` as an account; some account webhooks have `"0"` there. */
const accountOf = (wabaId: string | null): string | null => (wabaId === '0' ? null : wabaId);

/** `onOther` takes care of another number. */
function leftToHandler(error: unknown): void {
  if (!(error instanceof OtherNumber)) throw error;
}
