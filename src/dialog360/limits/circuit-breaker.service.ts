import { type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhenResult } from 'cockatiel';
import { SECOND } from '#kernel/clock.js';

/** How long nothing is sent after the circuit opened; then one request is let through as a probe. */
export const COOL_DOWN_MS = 10 * SECOND;

/** `closed`: requests pass. `open`: none does. `half_open`: one is under way as a probe. */
export type CircuitStateName = 'closed' | 'open' | 'half_open';

/** The circuit is open, or its probe is under way; the work did not run. */
export class CircuitOpen extends Error {
  /** @param retryAfterMs after which a request can pass, if the probe succeeds */
  constructor(readonly retryAfterMs: number) {
    super('the circuit is open');
  }
}

interface CircuitOptions<T> {
  /** How many results in a row must be faults to open it; 0 for never. */
  failures: number;
  isFault: (result: T) => boolean;
  /** Milliseconds of monotonic time. */
  steady: () => number;
  onChange: (state: CircuitStateName) => void;
}

/**
 * Stops requests to a server that fails. The states are those of cockatiel's policy. Three rules are added around it: the cool-down
 * counts monotonic time, since the policy reads the machine's clock; while the probe is under way the others are refused, not kept
 * waiting; and what may not be held up passes an open circuit, and closes it when it succeeds.
 */
export class CircuitBreaker<T> {
  #policy: CircuitBreakerPolicy;
  #openedAt = 0;

  constructor(private readonly options: CircuitOptions<T>) {
    this.#policy = this.#policyIn(null);
  }

  get state(): CircuitStateName {
    const { state } = this.#policy;
    if (state === CircuitState.Closed) return 'closed';
    return state === CircuitState.HalfOpen ? 'half_open' : 'open';
  }

  /** After how many milliseconds a probe may pass; null unless the circuit is open. */
  get coolDownMs(): number | null {
    return this.state === 'open' ? Math.max(0, COOL_DOWN_MS - (this.options.steady() - this.#openedAt)) : null;
  }

  /** @throws CircuitOpen when `run` would refuse */
  assertPasses(): void {
    if (this.state === 'half_open') throw new CircuitOpen(SECOND);
    const left = this.coolDownMs;
    if (left !== null && left > 0) throw new CircuitOpen(left);
  }

  /** @throws CircuitOpen, or what `work` throws */
  run(work: () => Promise<T>): Promise<T> {
    this.assertPasses();
    // The cool-down is over, whatever the machine's clock says.
    if (this.state === 'open') this.#policy = this.#policyIn({ value: CircuitState.Open, openedAt: 0, attemptNo: 1 });
    return this.#policy.execute(work);
  }

  /** Runs the work in every state. */
  async runAnyway(work: () => Promise<T>): Promise<T> {
    if (this.state === 'closed') return this.#policy.execute(work);
    const result = await work();
    if (this.state === 'open' && !this.options.isFault(result)) {
      this.#policy = this.#policyIn(null);
      this.options.onChange('closed');
    }
    return result;
  }

  #policyIn(ownState: object | null): CircuitBreakerPolicy {
    const { failures, isFault, onChange } = this.options;
    const policy = circuitBreaker(
      handleWhenResult((result) => isFault(result as T)),
      {
        halfOpenAfter: COOL_DOWN_MS,
        breaker: new ConsecutiveBreaker(failures === 0 ? Number.POSITIVE_INFINITY : failures),
        ...(ownState === null ? {} : { initialState: { ownState, breakerState: failures } }),
      },
    );
    policy.onStateChange(() => {
      // A request of an earlier time may end in a policy that was replaced.
      if (policy !== this.#policy) return;
      if (policy.state === CircuitState.Open) this.#openedAt = this.options.steady();
      onChange(this.state);
    });
    return policy;
  }
}
