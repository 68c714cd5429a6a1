import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { Dialog360Client } from '#dialog360/dialog360.client.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { NumbersStore } from './numbers.store.js';
import type { OurNumber } from './our-number.js';

/**
 * Which business number is ours. It is configured, or read once from `GET /health_status` and kept: until it is known,
 * deliveries are kept but not interpreted.
 */
@Injectable()
export class NumbersService {
  #current: OurNumber | null = null;
  #learning: Promise<OurNumber | null> | null = null;

  constructor(
    private readonly numbers: NumbersStore,
    private readonly dialog360: Dialog360Client,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

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
    if (kept) {
      this.#current = kept;
      return kept;
    }
    const health = await this.dialog360.readHealth().catch(() => null);
    const phoneNumberId = configured ?? health?.phoneNumberId ?? null;
    if (phoneNumberId === null) return null;
    const learnt: OurNumber = { phoneNumberId, displayPhoneNumber: null, wabaId: health?.wabaId ?? null, learnedAt: this.clock.now() };
    await this.numbers.save(learnt);
    this.#current = learnt;
    return learnt;
  }
}
