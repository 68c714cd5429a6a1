import { SingleFlight } from './single-flight.js';
import { WakeUpLoop } from './wake-up-loop.js';

/** Passes that end when the test says so. */
class Passes {
  readonly ends: Array<(more: boolean) => void> = [];
  readonly errors: unknown[] = [];
  readonly loop = new WakeUpLoop(
    () => new Promise<boolean>((end) => void this.ends.push(end)),
    (error) => this.errors.push(error),
  );
}

const turn = () => new Promise(setImmediate);

describe('a wake-up loop', () => {
  it('makes one further pass for any number of wake-ups during a pass', async () => {
    const { loop, ends } = new Passes();
    const done = loop.wake();
    for (let i = 0; i < 3; i += 1) void loop.wake();
    expect(ends).toHaveLength(1);
    ends[0]?.(false);
    await turn();
    expect(ends).toHaveLength(2);
    ends[1]?.(false);
    await done;
    expect(ends).toHaveLength(2);
    expect(loop.isRunning).toBe(false);
  });

  it('makes another pass when the last one says that there is more, and begins anew after it was idle', async () => {
    const { loop, ends } = new Passes();
    void loop.wake();
    ends[0]?.(true);
    await turn();
    ends[1]?.(false);
    await loop.idle();
    void loop.wake();
    expect(ends).toHaveLength(3);
  });

  it('reports what a pass throws, and still makes the pass of a wake-up that came meanwhile', async () => {
    const errors: unknown[] = [];
    let passes = 0;
    const loop = new WakeUpLoop(
      async () => {
        passes += 1;
        await turn();
        if (passes === 1) throw new Error('the first pass');
        return false;
      },
      (error) => errors.push(error),
    );
    const first = loop.wake();
    await loop.wake();
    await first;
    expect([passes, errors.map(String)]).toEqual([2, ['Error: the first pass']]);
  });

  it('begins no pass after it was stopped', async () => {
    const { loop, ends } = new Passes();
    void loop.wake();
    void loop.wake();
    const stopped = loop.stop();
    ends[0]?.(true);
    await stopped;
    await loop.wake();
    expect(ends).toHaveLength(1);
  });
});

describe('a single flight', () => {
  it('shares the result of what runs, and runs anew after it', async () => {
    const flight = new SingleFlight<number>();
    let runs = 0;
    const work = async () => {
      runs += 1;
      await turn();
      return runs;
    };
    expect(await Promise.all([flight.run(work), flight.run(work)])).toEqual([1, 1]);
    expect(await flight.run(work)).toBe(2);
  });

  it('shares a failure, and is idle after it', async () => {
    const flight = new SingleFlight<void>();
    const failing = async () => {
      await turn();
      throw new Error('failed');
    };
    const both = [flight.run(failing), flight.run(failing)];
    await flight.idle();
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(flight.isRunning).toBe(false);
  });
});
