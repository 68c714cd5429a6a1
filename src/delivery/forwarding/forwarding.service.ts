import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EligibilityService, type ForwardingStatus } from '#compliance/eligibility/eligibility.service.js';
import { Settings } from '#config/settings.js';
import { type NumberReach, reaches } from '#identity/numbers/number-reach.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Store } from '#store/store.js';
import { type ForwardSource, sourcesOf } from './forward-source.js';
import { ageOf, type ForwardState, ForwardsStore } from './forwards.store.js';
import { RefusedForwardsService } from './refused-forwards.service.js';
import type { Queues, RefusedForward } from './refused-forwards.store.js';

const RECENT_MS = 10 * SECOND;

/** What waits to be forwarded, and what the target refused: an owner lists it, and has it posted once more. */
@Injectable()
export class ForwardingService implements OnModuleInit {
  readonly #refused: RefusedForwardsService;
  readonly #recent: { at: number; total: ForwardState | null } = { at: Number.NEGATIVE_INFINITY, total: null };

  constructor(
    private readonly forwards: ForwardsStore,
    private readonly eligibility: EligibilityService,
    private readonly numbers: NumbersService,
    private readonly settings: Settings,
    private readonly clock: Clock,
    store: Store,
  ) {
    this.#refused = new RefusedForwardsService(store);
  }

  onModuleInit(): void {
    this.eligibility.forwarding = (phoneNumberId) => this.status(phoneNumberId);
  }

  /** What waits and what is set aside of a number; null without forwarding. */
  async status(phoneNumberId: string): Promise<ForwardingStatus | null> {
    const source = this.#sources().find((one) => one.phoneNumberId === phoneNumberId);
    const state = source && (await this.forwards.state(source));
    return state ? { ...state, target: new URL(source.target.url).origin } : null;
  }

  /**
   * How long the oldest delivery of all numbers has waited, in ms, and how many are set aside, as of the last 10 s; null without forwarding and
   * before the first reading. Probes come several times a second and must not wait for the database.
   */
  recent(): { oldestAgeMs: number; setAside: number } | null {
    const now = this.clock.now();
    if (Math.abs(now - this.#recent.at) >= RECENT_MS) {
      this.#recent.at = now;
      void this.forwards.total(this.#sources()).then(
        (total) => Object.assign(this.#recent, { total }),
        () => undefined,
      );
    }
    const { total } = this.#recent;
    return total && { oldestAgeMs: ageOf(total.oldestReceivedAt, now), setAside: total.setAside };
  }

  /** Deliveries of the numbers that a principal reaches that are set aside, oldest first. */
  list(by: NumberReach, limit: number, afterId: number): Promise<RefusedForward[]> {
    return this.#refused.list(this.#queuesOf(by), limit, afterId);
  }

  /**
   * Has deliveries of the numbers that a principal reaches posted once more. @param ids null for all
   * @returns the ids of those that are set aside
   * @throws Problem `forwarding_off` without forwarding
   */
  async replay(by: NumberReach, ids: readonly number[] | null): Promise<number[]> {
    if (!this.#sources().some(({ phoneNumberId }) => reaches(by, phoneNumberId ?? ''))) throw new Problem('forwarding_off');
    return this.#refused.replay(this.#queuesOf(by), ids);
  }

  #sources(): ForwardSource[] {
    return sourcesOf(this.numbers, this.settings);
  }

  #queuesOf({ numbers }: NumberReach): Queues {
    return numbers?.flatMap((phoneNumberId) => this.numbers.keptUnder(phoneNumberId)) ?? null;
  }
}
