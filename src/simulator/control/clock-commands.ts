import { rfc3339, SECOND } from '#kernel/clock.js';
import type { JsonRecord } from '#kernel/read.js';
import type { SimulatedLine } from '#simulator/line.js';
import type { Simulator } from '#simulator/simulator.js';
import { sure } from './control-error.js';
import { nextView } from './views.js';

const LONGEST_SECONDS = 31_536_000;
const LONGEST_SEED = 100;

/**
 * `POST /clock`: moves the clock of a number on, and holds or releases it. Everything in between happens at its own moment. While the clock is
 * held, the answer waits until the webhooks of each event have been delivered, before the next event happens.
 */
export async function moveClock(line: SimulatedLine, { advance_seconds: seconds, hold }: JsonRecord): Promise<JsonRecord> {
  sure(hold === undefined || typeof hold === 'boolean', 'hold must be true or false');
  sure(seconds !== undefined || hold !== undefined, 'give advance_seconds or hold');
  const given = seconds ?? 0;
  sure(typeof given === 'number' && given >= 0 && given <= LONGEST_SECONDS, 'advance_seconds must be 0 to 31536000: time never goes back');
  if (hold === true) line.clock.hold();
  const happened = await moveOn(line, given * SECOND);
  if (hold === false) line.clock.release();
  const { clock } = line;
  return {
    done: `${seconds === undefined ? 'not moved' : `moved on; ${happened}`}; the clock ${clock.held ? 'is held' : 'runs'}`,
    now: rfc3339(clock.now()),
    held: clock.held,
    next: nextView(line),
  };
}

async function moveOn(line: SimulatedLine, ms: number): Promise<string> {
  if (!line.clock.held) return `${line.advance(ms)} things happened meanwhile`;
  await line.walk(ms);
  return 'the webhooks of what happened meanwhile are delivered';
}

/** `POST /reset`: people, calls, faults and plans as at the start, of one number or of all. `seed` and `hold` make what follows repeatable. */
export async function resetWorld(simulator: Simulator, named: SimulatedLine | undefined, body: JsonRecord): Promise<JsonRecord> {
  const { seed, hold } = body;
  sure(
    seed === undefined || (typeof seed === 'string' && seed !== '' && seed.length <= LONGEST_SEED),
    `seed must be a text of at most ${LONGEST_SEED} characters`,
  );
  sure(seed === undefined || named === undefined, 'seed is about all numbers: leave phone_number_id out');
  sure(hold === undefined || typeof hold === 'boolean', 'hold must be true or false');
  const lines = named ? [named] : simulator.lines;
  for (const { clock } of lines) if (hold !== undefined) hold ? clock.hold() : clock.release();
  if (named) named.resetNumber();
  else simulator.reset(seed);
  // A webhook that is under way would reach the next test.
  await Promise.all(lines.map((line) => line.idle()));
  return {
    done: 'users, calls, faults and plans are as at the start; numbers, clocks, webhooks and histories stay',
    next: nextView(named ?? simulator),
  };
}
