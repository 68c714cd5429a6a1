import type { CircuitStateName } from './circuit-breaker.service.js';

const FIGURE: Readonly<Record<CircuitStateName, number>> = { closed: 0, half_open: 1, open: 2 };

/** The circuits of all lines as one figure of the process: that of the worst. */
export class CircuitStates {
  /** Those that are not closed. */
  readonly #figures = new Map<object, number>();

  constructor(private readonly show: (figure: number) => void) {}

  /** @param line what the circuit belongs to; a line that ends leaves as `closed` */
  set(line: object, state: CircuitStateName): void {
    if (state === 'closed') this.#figures.delete(line);
    else this.#figures.set(line, FIGURE[state]);
    this.show(Math.max(0, ...this.#figures.values()));
  }
}
