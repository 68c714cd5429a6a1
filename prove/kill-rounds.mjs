import { Ledger } from './ledger.mjs';
import { Load } from './load.mjs';
import { pause, until } from './pause.mjs';

/**
 * Rounds of load and sudden death over one database, each followed by a look at what the ledger was promised.
 * @param {{ gateway: import('./gateway.mjs').Gateway, database: import('./database.mjs').Database, random: import('./random.mjs').Random,
 *   rounds: number, untilRed?: boolean, beforeStart?: () => void, afterKill?: () => void }} plan
 */
export async function killRounds({ gateway, database, random, rounds, untilRed = false, beforeStart, afterKill }) {
  const ledger = new Ledger();
  const result = { ledger, rounds: 0, redRounds: 0, sent: 0, refused: 0, lost: 0, unsound: 0 };
  while (result.rounds < rounds && !(untilRed && result.redRounds > 0)) {
    result.rounds += 1;
    beforeStart?.();
    await gateway.start();
    const load = new Load({ port: gateway.port, random, ledger, round: result.rounds });
    // Half of the kills meet a gateway that is still cold, half one that is answering.
    if (random.chance(0.5)) await load.flowing;
    await pause(random.between(20, 300));
    await gateway.kill();
    await load.ended();
    afterKill?.();
    const lost = await ledger.countLost(database);
    const sound = await database.isSound();
    result.sent += load.sent;
    result.refused += load.refused;
    result.lost += lost;
    result.unsound += sound ? 0 : 1;
    if (lost > 0 || !sound) result.redRounds += 1;
  }
  return result;
}

/** One more start, without load: everything kept is worked off, and each announced call stands in the call log. */
export async function workOff({ gateway, database, ledger }) {
  const began = Date.now();
  await gateway.start();
  let left = await database.countNotDone();
  await until(
    'the inbox is worked off',
    async () => {
      left = await database.countNotDone();
      return left.new === 0;
    },
    { withinMs: 300_000, everyMs: 250 },
  );
  await gateway.kill();
  return {
    seconds: (Date.now() - began) / 1000,
    failed: left.failed,
    lost: await ledger.countLostInAll(database),
    callsMissing: await ledger.countCallsMissing(database),
  };
}

/** How a run against a sabotaged gateway turned out: red is what it is for. */
export const colourOf = (red) => (red ? 'red as it must be' : 'GREEN against a wrong gateway');
