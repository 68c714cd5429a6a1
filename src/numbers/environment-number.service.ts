import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Settings } from '#config/settings.js';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import { Dialog360Service } from '#dialog360/dialog360.service.js';
import { type Health, portfolioIn } from '#dialog360/number-reading.js';
import { type BusinessNumber, keyDigestOf } from '#identity/numbers/business-number.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock, SECOND } from '#kernel/clock.js';
import type { Problem } from '#kernel/problem.js';
import { SingleFlight } from '#kernel/wake-up-loop.js';
import { isStoreFault } from '#store/store-fault.js';
import { KeyProof } from './key-proof.js';
import { assertSameNumber, OtherNumber } from './other-number.js';

/**
 * The number of `D360_API_KEY`: 360dialog names it in `GET /health_status`, and it is stored (`source: environment`). Until it is known, the
 * inbox stores deliveries and does not process them. A key of another number than the configuration or the row names ends the process.
 */
@Injectable()
export class EnvironmentNumberService {
  /** The proof of the environment's key, whether or not its number is known. */
  readonly proof: KeyProof;
  readonly #finding = new SingleFlight<BusinessNumber | null>();
  #onOther: (error: OtherNumber) => void = () => undefined;

  constructor(
    private readonly numbers: NumbersService,
    private readonly dialog360: Dialog360Service,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    this.proof = new KeyProof(
      {
        readHealth: () => this.line().readHealth(),
        isKept: async () => this.#isKept(),
        check: () => this.#compare(null),
        take: (health, isNamed) => this.#take(health, isNamed),
        refused: () => this.#refused(),
      },
      settings.mode === 'simulator',
    );
  }

  /** Finds the number when it is not known yet; concurrent callers share one attempt. @returns null after a failed attempt */
  find(): Promise<BusinessNumber | null> {
    const known = this.numbers.environment;
    return known ? Promise.resolve(known) : this.#finding.run(() => this.#find());
  }

  /** 360dialog may take a while to name the number: this asks again each second, whether or not anybody waits for it. */
  @Interval(SECOND)
  async look(): Promise<void> {
    await this.find().catch((error) => {
      if (!isStoreFault(error)) throw error;
    });
  }

  /**
   * Asks 360dialog for the number of the key and compares it. Once it is named, this sends no further request.
   * @returns false while 360dialog names no number
   * @throws OtherNumber
   */
  prove(): Promise<boolean> {
    return this.proof.prove();
  }

  /** Registers what runs when any request finds that the key belongs to another number. */
  onOther(handler: (error: OtherNumber) => void): void {
    this.#onOther = handler;
  }

  /** Why no number is known; null when nothing has been tried, or one is. */
  get reason(): Problem | null {
    return this.proof.reason;
  }

  /** The configured number, once 360dialog has answered to its key without naming one. */
  get declared(): BusinessNumber | null {
    const { configured } = this.numbers;
    return configured !== null && this.reason?.upstream ? this.numbers.unkept(configured) : null;
  }

  /** The line of the key: that of its number, or one without a number while it is not known. */
  line(): Dialog360Client {
    const known = this.numbers.environment;
    return known ? this.dialog360.of(known, () => this.proof) : this.dialog360.unnumbered(() => this.proof);
  }

  async #find(): Promise<BusinessNumber | null> {
    await this.numbers.refresh();
    if (!this.numbers.environment) await this.proof.ask().catch(leftToHandler);
    return this.numbers.environment;
  }

  async #isKept(): Promise<boolean> {
    await this.numbers.refresh();
    const known = this.numbers.environment;
    return known !== null && known.keyDigest !== null && known.keyDigest === this.#digest(known.phoneNumberId);
  }

  /** Compares the number that a health names with ours, and stores it when it is new or the key is. */
  async #take(health: Health, isNamed: boolean): Promise<boolean> {
    const isTaken = await this.#takeNumber(health, isNamed);
    const known = this.numbers.environment;
    if (isTaken && known) await this.numbers.learn(known.phoneNumberId, { portfolioId: portfolioIn(health) });
    return isTaken;
  }

  async #takeNumber({ phoneNumberId: named, wabaId }: Health, isNamed: boolean): Promise<boolean> {
    const known = this.numbers.environment;
    if (isNamed && known && (named ?? known.phoneNumberId) === known.phoneNumberId) return this.#acceptedAgain(known);
    await this.#compare(named);
    await this.numbers.refresh();
    // The owner's own word counts where 360dialog takes the key and names no number.
    const phoneNumberId = named ?? this.numbers.configured;
    if (phoneNumberId === null) return false;
    await this.#adopt(phoneNumberId, wabaId, named === null ? undefined : this.#digest(phoneNumberId));
    return true;
  }

  #refused(): void {
    const known = this.numbers.environment;
    if (known) this.numbers.keyRefused(known.phoneNumberId);
  }

  async #acceptedAgain({ phoneNumberId, keyRejectedAt }: BusinessNumber): Promise<true> {
    if (keyRejectedAt !== null) await this.numbers.change(phoneNumberId, { keyAcceptedAt: this.clock.now(), keyRejectedAt: null });
    return true;
  }

  /** @param named null when 360dialog has named none @throws OtherNumber */
  async #compare(named: string | null): Promise<void> {
    if (this.settings.mode === 'simulator') return;
    try {
      assertSameNumber(named, this.numbers.configured, await this.numbers.ofEnvironment());
    } catch (error) {
      if (error instanceof OtherNumber) this.#onOther(error);
      throw error;
    }
  }

  async #adopt(phoneNumberId: string, wabaId: string | null, keyDigest: string | undefined): Promise<void> {
    const known = this.numbers.environment;
    const isNew = known?.phoneNumberId !== phoneNumberId;
    const account = wabaId !== null && (isNew || known?.wabaId === null) ? { wabaId } : {};
    const proven = keyDigest === undefined ? {} : { keyDigest, keyAcceptedAt: this.clock.now() };
    const change = { ...account, ...proven };
    if (isNew) await this.numbers.add(phoneNumberId, { source: 'environment', ...change });
    else if (Object.keys(change).length > 0) await this.numbers.change(phoneNumberId, change);
    this.dialog360.end(null);
  }

  #digest(phoneNumberId: string): string {
    return keyDigestOf(phoneNumberId, this.settings.dialog360.apiKey);
  }
}

/** `onOther` takes care of another number. */
function leftToHandler(error: unknown): void {
  if (!(error instanceof OtherNumber)) throw error;
}
