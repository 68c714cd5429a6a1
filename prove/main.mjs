// The claims that no test of one process can show. Needs a build in dist/; `npm run prove` sees to it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { proofs as convergence } from './convergence.mjs';
import { proofs as delivery } from './delivery-sigkill.mjs';
import { proofs as forged } from './endpoint/forged.mjs';
import { proofs as fuzz } from './endpoint/fuzz.mjs';
import { proofs as fuzzRest } from './endpoint/fuzz-rest.mjs';
import { proofs as erasure } from './erasure.mjs';
import { Fake360dialog } from './fake-360dialog.mjs';
import { proofs as disk } from './faults/disk.mjs';
import { proofs as upstreamFaults } from './faults/upstream-faults.mjs';
import { proofs as forward } from './forward-outage.mjs';
import { proofs as graphFuzz } from './graph/graph-fuzz.mjs';
import { proofs as graphKill } from './graph/graph-kill.mjs';
import { proofs as graphRetries } from './graph/graph-retries.mjs';
import { proofs as graphSlowConsumer } from './graph/graph-slow-consumer.mjs';
import { proofs as latency } from './latency.mjs';
import { proofs as clockJumps } from './lifecycle/clock-jumps.mjs';
import { proofs as rolling } from './lifecycle/rolling-restart.mjs';
import { proofs as upgrade } from './lifecycle/rolling-upgrade.mjs';
import { proofs as sigterm } from './lifecycle/sigterm.mjs';
import { proofs as dials } from './never-dial-twice.mjs';
import { proofs as fiveHundred } from './numbers/five-hundred.mjs';
import { proofs as fiveHundredCalls } from './numbers/five-hundred-calls.mjs';
import { proofs as floodedReplicas } from './numbers/flooded-replicas.mjs';
import { proofs as hangingLine } from './numbers/hanging-line.mjs';
import { proofs as manyNumbers } from './numbers/many-numbers.mjs';
import { proofs as sameAnswers } from './numbers/same-answers.mjs';
import { proofs as order } from './order/event-order.mjs';
import { proofs as replicaLatency } from './order/replica-latency.mjs';
import { proofs as outage } from './outage.mjs';
import { proofs as powerCut } from './power-cut.mjs';
import { Random } from './random.mjs';
import { proofs as reportDeliveries } from './report-deliveries.mjs';
import { proofs as reportPeriods } from './report-periods.mjs';
import { proofs as sigkill } from './sigkill.mjs';
import { proofs as hop } from './sse-hop.mjs';
import { proofs as bodyFlood } from './store/body-flood.mjs';
import { proofs as databaseCuts } from './store/database-cuts.mjs';
import { proofs as deletedFile } from './store/deleted-file.mjs';
import { proofs as passingFaults } from './store/passing-faults.mjs';
import { proofs as pausedReplica } from './store/paused-replica.mjs';
import { proofs as queueHolder } from './store/queue-holder.mjs';
import { proofs as restoredDump } from './store/restored-dump.mjs';

/**
 * @typedef {{ folder: string, upstream: Fake360dialog, random: Random, quick: boolean, from?: string }} ProofContext
 * @typedef {{ passed: boolean | null, summary: string }} Result `passed` is null when the machine lacks what it needs
 * @typedef {{ name: string, says: string, run: (context: ProofContext) => Promise<Result> }} Proof
 */

const ALL = [
  ...sigkill,
  ...powerCut,
  ...convergence,
  ...dials,
  ...reportPeriods,
  ...reportDeliveries,
  ...delivery,
  ...hop,
  ...order,
  ...replicaLatency,
  ...outage,
  ...forward,
  ...erasure,
  ...latency,
  ...forged,
  ...fuzz,
  ...fuzzRest,
  ...upstreamFaults,
  ...disk,
  ...sigterm,
  ...rolling,
  ...upgrade,
  ...clockJumps,
  ...databaseCuts,
  ...pausedReplica,
  ...queueHolder,
  ...manyNumbers,
  ...floodedReplicas,
  ...fiveHundred,
  ...fiveHundredCalls,
  ...hangingLine,
  ...sameAnswers,
  ...restoredDump,
  ...passingFaults,
  ...bodyFlood,
  ...deletedFile,
  ...graphRetries,
  ...graphKill,
  ...graphFuzz,
  ...graphSlowConsumer,
];
const USAGE = `npm run prove -- [--quick] [--only NAME] [--seed N] [--from COMMIT]

  --quick      fewer rounds, for CI
  --only NAME  one proof; may be given several times
  --seed N     repeat the random choices of a run
  --from COMMIT the older release that rolling-upgrade begins with

${ALL.map(({ name, says }) => `  ${name.padEnd(36)}${says}`).join('\n')}`;

async function main() {
  const options = {
    quick: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    seed: { type: 'string' },
    from: { type: 'string' },
    help: { type: 'boolean' },
  };
  const { values } = parseArgs({ options });
  if (values.help) return say(USAGE);
  const unknown = (values.only ?? []).find((name) => !ALL.some((proof) => proof.name === name));
  if (unknown !== undefined) throw new Error(`there is no proof "${unknown}"\n\n${USAGE}`);
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error('--seed must be a whole number');
  const chosen = ALL.filter(({ name }) => !values.only || values.only.includes(name));
  say(`seed ${seed}, ${values.quick ? 'quick' : 'full'}, Node ${process.version}`);
  const counts = { passed: 0, failed: 0, 'not run': 0 };
  for (const proof of chosen) counts[await prove(proof, seed, { quick: values.quick ?? false, from: values.from })] += 1;
  say(`${counts.passed} passed, ${counts.failed} failed${counts['not run'] ? `, ${counts['not run']} not run` : ''}`);
  process.exit(counts.failed ? 1 : 0);
}

/** @param {Proof} proof @param {{ quick: boolean, from?: string }} options @returns {Promise<'passed' | 'failed' | 'not run'>} */
async function prove(proof, seed, options) {
  const began = Date.now();
  const folder = mkdtempSync(join(tmpdir(), `prove-${proof.name}-`));
  const upstream = await new Fake360dialog().start();
  const { passed, summary } = await proof
    .run({ folder, upstream, random: new Random(seed), ...options })
    .catch((error) => ({ passed: false, summary: error.stack }));
  upstream.stop();
  const verdict = passed === null ? 'not run' : { true: 'passed', false: 'failed' }[passed];
  say(`${verdict.padEnd(8)} ${proof.name}: ${summary} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
  if (verdict === 'failed') say(`         left for looking into: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
  return verdict;
}

const say = (line) => void process.stdout.write(`${line}\n`);

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
});
