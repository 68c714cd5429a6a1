import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HOUR, SECOND } from '#kernel/clock.js';
import { CircuitBreaker, CircuitOpen, type CircuitStateName, COOL_DOWN_MS } from './circuit-breaker.service.js';

describe('the circuit breaker', () => {
  let steady: number;
  let changes: CircuitStateName[];
  let circuit: CircuitBreaker<string>;

  beforeEach(() => {
    steady = 0;
    changes = [];
    circuit = make(3);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const make = (failures: number) =>
    new CircuitBreaker<string>({
      failures,
      isFault: (result) => result === 'fault',
      steady: () => steady,
      onChange: (state) => changes.push(state),
    });
  const gives = (result: string) => circuit.run(async () => result);
  const fail = async (times: number) => {
    for (let n = 0; n < times; n += 1) await gives('fault');
  };

  it('opens after faults in a row; an answer in between begins the count again', async () => {
    await fail(2);
    await gives('answer');
    await fail(2);
    expect(circuit.state).toBe('closed');
    await fail(1);
    expect([circuit.state, changes]).toEqual(['open', ['open']]);
  });

  it('runs nothing while it is open, and says how long that lasts', async () => {
    await fail(3);
    steady += 4 * SECOND;
    const work = jest.fn(async () => 'answer');
    expect(() => circuit.run(work)).toThrow(CircuitOpen);
    expect(() => circuit.assertPasses()).toThrow(CircuitOpen);
    expect([work.mock.calls.length, circuit.coolDownMs]).toEqual([0, COOL_DOWN_MS - 4 * SECOND]);
  });

  it('lets one probe through after the cool-down, refuses the others meanwhile, and closes when it succeeds', async () => {
    await fail(3);
    steady += COOL_DOWN_MS;
    const probe = Promise.withResolvers<string>();
    const probing = circuit.run(() => probe.promise);
    expect(circuit.state).toBe('half_open');
    expect(() => circuit.run(async () => 'answer')).toThrow(CircuitOpen);
    probe.resolve('answer');
    await probing;
    expect([circuit.state, changes]).toEqual(['closed', ['open', 'half_open', 'closed']]);
    await fail(2);
    expect(circuit.state).toBe('closed');
  });

  it('opens again when the probe fails, for as long as before', async () => {
    await fail(3);
    steady += COOL_DOWN_MS;
    await gives('fault');
    expect([circuit.state, circuit.coolDownMs]).toEqual(['open', COOL_DOWN_MS]);
  });

  it("counts its cool-down in monotonic time: a machine's clock that is set back keeps nothing from being sent", async () => {
    await fail(3);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() - HOUR);
    steady += COOL_DOWN_MS;
    expect(await gives('answer')).toBe('answer');
    expect(circuit.state).toBe('closed');
  });

  it('lets pass what may not be held up, and closes when it succeeds, not when it fails', async () => {
    await fail(3);
    await circuit.runAnyway(async () => 'fault');
    expect(circuit.state).toBe('open');
    expect(() => circuit.assertPasses()).toThrow(CircuitOpen);
    await circuit.runAnyway(async () => 'answer');
    expect([circuit.state, changes]).toEqual(['closed', ['open', 'closed']]);
    expect(await gives('answer')).toBe('answer');
  });

  it('counts what passes while it is closed, too', async () => {
    for (let n = 0; n < 3; n += 1) await circuit.runAnyway(async () => 'fault');
    expect(circuit.state).toBe('open');
  });

  it('never opens with 0', async () => {
    circuit = make(0);
    await fail(100);
    expect(circuit.state).toBe('closed');
  });
});
