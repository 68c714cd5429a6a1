import { onBothEngines } from './database.mjs';
import { Gateway } from './gateway.mjs';
import { colourOf, killRounds, workOff } from './kill-rounds.mjs';

const FULL = 1_000;
const QUICK = { sqlite: 100, postgres: 10 };

/** @type {import('./main.mjs').Proof[]} */
export const proofs = [
  ...onBothEngines({
    name: 'sigkill',
    says: 'a webhook answered 200 survives SIGKILL at any instant, byte for byte, and its call is found',
    run: prove,
  }),
  ...onBothEngines({
    name: 'sigkill-sabotage',
    says: 'the proof goes red against a gateway that answers before it commits',
    run: async ({ folder, upstream, random, makeDatabase }) => {
      const database = await makeDatabase();
      const fault = 'ack-before-commit';
      const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, fault });
      const { rounds, lost, ledger } = await killRounds({ gateway, database, random, rounds: 20, untilRed: true });
      return {
        passed: lost > 0,
        summary: `${colourOf(lost > 0)} in round ${rounds}: ${lost} lost of ${ledger.promised.size} acknowledged`,
      };
    },
  }),
];

async function prove({ folder, upstream, random, quick, engine, makeDatabase }) {
  const rounds = quick ? QUICK[engine] : FULL;
  const database = await makeDatabase();
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url });
  const { ledger, sent, refused, lost, unsound } = await killRounds({ gateway, database, random, rounds });
  const after = await workOff({ gateway, database, ledger });
  const clean = lost + after.lost + after.callsMissing + after.failed + unsound === 0;
  return {
    passed: clean && ledger.promised.size > rounds,
    summary:
      `${rounds} kills, ${sent} sent, ${ledger.promised.size} acknowledged, ${refused} refused, ${lost + after.lost} lost, ` +
      `${unsound} unsound, ${after.callsMissing} calls missing, ${after.failed} set aside, worked off in ${after.seconds.toFixed(1)} s`,
  };
}
