import type { Settings } from '#config/settings.js';
import { type Clock, SECOND } from '#kernel/clock.js';
import { Bulkhead, NoSlotInTime } from '#kernel/concurrency/bulkhead.js';
import { Problem } from '#kernel/problem.js';
import type { Log } from '#telemetry/log.js';
import type { Metrics } from '#telemetry/metrics.js';
import type { NoResponse } from '../dialog360.errors.js';
import type { Operation } from '../exchange.js';
import { MOST_REQUESTS, type UpstreamResponse } from '../http-transport.client.js';
import { CircuitBreaker, CircuitOpen, type CircuitStateName } from './circuit-breaker.service.js';
import type { CircuitStates } from './circuit-states.js';

/** The slots that only the end of a call may take. */
const RESERVED = 8;
/** How long a request waits for a slot, beside its own time limit. */
export const LONGEST_WAIT_MS = 2 * SECOND;

/** They end a call. One that is not sent costs money, or leaves a user waiting, so they pass an open circuit and take reserved slots. */
const ENDS_A_CALL: ReadonlySet<Operation> = new Set(['terminate', 'reject']);

/** What this process sends on one line at present. Times are in ms since 1970. */
export interface UpstreamLoad {
  circuit: CircuitStateName;
  /** When the circuit came into this state; the start of the process for one that never opened. */
  since: number;
  /** When the next request may pass an open circuit; null unless it is open. */
  retryAt: number | null;
  /** Requests under way, and those that wait for a slot. */
  underWay: number;
  waiting: number;
}

/** How a request to 360dialog ended. */
type UpstreamResult = UpstreamResponse | NoResponse;

/**
 * Limits what is sent on one line: at most 32 requests at a time, their attempts and the backoff between them included, and none while
 * the latest ones failed in a row: no connection, no answer in time, or a 5xx. A refusal of 360dialog (4xx) shows that it works. The limits
 * are those of this process.
 */
export class RequestLimits {
  readonly #bulkhead = new Bulkhead({ slots: MOST_REQUESTS, reserved: RESERVED, timeoutMs: LONGEST_WAIT_MS });
  readonly #circuit: CircuitBreaker<UpstreamResult>;
  #since: number;
  #hasEnded = false;

  constructor(
    settings: Settings,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
    private readonly circuits: CircuitStates,
  ) {
    this.#since = clock.now();
    this.#circuit = new CircuitBreaker({
      failures: settings.dialog360.circuitFailures,
      isFault,
      steady: () => clock.steady(),
      onChange: (state) => this.#changed(state),
    });
  }

  /**
   * Sends within the limits.
   * @throws Problem `upstream_circuit_open` or `upstream_busy`; nothing was sent then
   */
  async run(operation: Operation, send: () => Promise<UpstreamResult>): Promise<UpstreamResult> {
    const ends = ENDS_A_CALL.has(operation);
    try {
      if (!ends) this.#circuit.assertPasses();
      return await this.#bulkhead.run(
        () => this.#measured(() => (ends ? this.#circuit.runAnyway(send) : this.#circuit.run(send))),
        ends ? 'urgent' : 'normal',
      );
    } catch (error) {
      if (error instanceof CircuitOpen) throw this.#notSent(operation, 'upstream_circuit_open', error.retryAfterMs);
      if (error instanceof NoSlotInTime) throw this.#notSent(operation, 'upstream_busy', LONGEST_WAIT_MS);
      throw error;
    }
  }

  get load(): UpstreamLoad {
    const left = this.#circuit.coolDownMs;
    return {
      circuit: this.#circuit.state,
      since: this.#since,
      retryAt: left === null ? null : this.clock.now() + left,
      underWay: this.#bulkhead.running,
      waiting: this.#bulkhead.waiting,
    };
  }

  /** The line has ended: its circuit counts no longer. */
  end(): void {
    this.#hasEnded = true;
    this.circuits.set(this, 'closed');
  }

  async #measured<T>(send: () => Promise<T>): Promise<T> {
    this.metrics.upstreamUnderWay.inc();
    try {
      return await send();
    } finally {
      this.metrics.upstreamUnderWay.dec();
    }
  }

  #notSent(operation: Operation, code: 'upstream_circuit_open' | 'upstream_busy', retryAfterMs: number): Problem {
    this.metrics.upstreamNotSent.inc({ operation, reason: code });
    return new Problem(code, { retryAt: this.clock.now() + Math.ceil(retryAfterMs) });
  }

  #changed(state: CircuitStateName): void {
    this.#since = this.clock.now();
    if (!this.#hasEnded) this.circuits.set(this, state);
    if (state === 'open')
      this.log.pino.warn(
        { event: 'dialog360.circuit_opened' },
        'Requests to 360dialog failed in a row; none is sent for 10 s but ends of calls',
      );
    if (state === 'closed') this.log.pino.info({ event: 'dialog360.circuit_closed' }, '360dialog answers again; requests are sent');
  }
}

const isFault = (result: UpstreamResult): boolean => 'reason' in result || result.status >= 500;
