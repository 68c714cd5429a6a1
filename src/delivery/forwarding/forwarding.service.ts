import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EligibilityService, type ForwardingStatus } from '#compliance/eligibility/eligibility.service.js';
import { Settings } from '#config/settings.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Store } from '#store/store.js';
import { ageOf, ForwardsStore } from './forwards.store.js';
import { RefusedForwardsService } from './refused-forwards.service.js';
import type { Queues, RefusedForward } from './refused-forwards.store.js';

const RECENT_MS = 10 * SECOND;

/** What waits to be forwarded, and what the target refused: an owner lists it, and has it posted once more. */
@Injectable()
export class ForwardingService implements OnModuleInit {
  readonly #refused: RefusedForwardsService;
  readonly #recent: { at: number; status: ForwardingStatus | null } = { at: Number.NEGATIVE_INFINITY, status: null };

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
    this.eligibility.forwarding = () => this.status();
  }

  /** What waits and what is set aside; null without forwarding. */
  async status(): Promise<ForwardingStatus | null> {
    const { forward } = this.settings;
    const state = forward && (await this.forwards.state());
    return state ? { ...state, target: new URL(forward.url).origin } : null;
  }

  /**
   * How long the oldest delivery has waited, in ms, and how many are set aside, as of the last 10 s; null without forwarding and
   * before the first reading. Probes come several times a second and must not wait for the database.
   */
  recent(): { oldestAgeMs: number; setAside: number } | null {
    const now = this.clock.now();
    if (Math.abs(now - this.#recent.at) >= RECENT_MS) {
      this.#recent.at = now;
      void this.status().then(
        (status) => Object.assign(this.#recent, { status }),
        () => undefined,
      );
    }
    const { status } = this.#recent;
    return status && { oldestAgeMs: ageOf(status.oldestReceivedAt, now), setAside: status.setAside };
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
    if (!this.settings.forward) throw new Problem('forwarding_off');
    return this.#refused.replay(this.#queuesOf(by), ids);
  }

  /** What was kept without a number is of the one that was there first. */
  #queuesOf({ numbers }: NumberReach): Queues {
    const first = this.numbers.all()[0]?.phoneNumberId;
    return numbers !== null && first !== undefined && numbers.includes(first) ? [...numbers, ''] : numbers;
  }
}
