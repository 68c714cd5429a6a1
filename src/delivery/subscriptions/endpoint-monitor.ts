import { capacityOf, type EndpointHealth, FULL_PACE, givenUpFor, healthAfter, isDown, paceAfter } from '#outbound-http/endpoint-health.js';
import { type AttemptResult, succeeded } from '#outbound-http/retry.js';
import type { DisabledReason } from './subscription.js';

/** What one attempt says about the endpoint. */
export interface EndpointChange {
  /** The endpoint was down and took this event. */
  recovered: boolean;
  /** Why the subscription is disabled now; null when it is not. */
  disable: DisabledReason | null;
}

/** Follows the health of one endpoint and limits the concurrent attempts to it. */
export class EndpointMonitor {
  #health: EndpointHealth;
  #pace = FULL_PACE;

  constructor(
    { failures, failingSince, heldUntil }: EndpointHealth,
    private readonly random: () => number,
  ) {
    this.#health = { failures, failingSince, heldUntil };
  }

  get health(): EndpointHealth {
    return this.#health;
  }

  /** How many attempts may be under way. */
  capacity(now: number): number {
    return capacityOf(this.#health, this.#pace, now);
  }

  /** Takes the result of an attempt into account. */
  apply(result: AttemptResult, now: number): EndpointChange {
    const wasDown = isDown(this.#health);
    this.#health = healthAfter(this.#health, result, now, this.random());
    this.#pace = paceAfter(this.#pace, result);
    return { recovered: wasDown && succeeded(result), disable: givenUpFor(this.#health, result, now) };
  }
}
