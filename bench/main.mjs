// How fast the gateway is in comparison with simpler programs. Needs a build in dist/; `npm run bench` sees to it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Fake360dialog } from '../prove/fake-360dialog.mjs';
import { benches as added } from './added.mjs';
import { benches as calm } from './calm.mjs';
import { benches as graphAccept } from './graph-accept.mjs';
import { benches as ingest } from './ingest.mjs';
import { benches as intake } from './intake.mjs';
import { benches as million } from './million.mjs';
import { short } from './numbers.mjs';
import { benches as people } from './people.mjs';
import { benches as start } from './start.mjs';
import { benches as subscriptions } from './subscriptions.mjs';
import { benches as watchdog } from './watchdog.mjs';

/**
 * @typedef {{ folder: string, upstream: Fake360dialog, seconds: number, calls: number, webhooks: number, replicas: number, delayMs: number }} BenchContext
 * @typedef {{ figure: string, value: number, unit: string, atMost?: number, atLeast?: number }} Figure
 * @typedef {{ name: string, says: string, run: (context: BenchContext) => Promise<Figure[]> }} Bench
 */

/** @type {Bench[]} */
const ALL = [...ingest, ...intake, ...calm, ...subscriptions, ...watchdog, ...added, ...graphAccept, ...start, ...people, ...million];
const USAGE = `npm run bench -- [--only NAME] [--seconds N] [--calls N] [--json FILE]

  --only NAME  one bench; may be given several times
  --seconds N  how long each load lasts (10)
  --calls N    how many calls the log of "million" holds (1000000)
  --webhooks N how many webhooks "intake" processes (5000)
  --delay-ms N how far Postgres is away in "intake", per round trip; 0 leaves that part out (1.4)
  --replicas N how many gateways share Postgres in "intake" (1)
  --json FILE  writes the figures there, too

${ALL.map(({ name, says }) => `  ${name.padEnd(12)}${says}`).join('\n')}`;

async function main() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      seconds: { type: 'string', default: '10' },
      calls: { type: 'string', default: '1000000' },
      webhooks: { type: 'string', default: '5000' },
      'delay-ms': { type: 'string', default: '1.4' },
      replicas: { type: 'string', default: '1' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return say(USAGE);
  const unknown = (values.only ?? []).find((name) => !ALL.some((bench) => bench.name === name));
  if (unknown !== undefined) throw new Error(`there is no bench "${unknown}"\n\n${USAGE}`);
  const [seconds, calls] = [wholeNumber(values.seconds, '--seconds'), wholeNumber(values.calls, '--calls')];
  const [webhooks, replicas] = [wholeNumber(values.webhooks, '--webhooks'), wholeNumber(values.replicas, '--replicas')];
  const results = [];
  say(`${cpus().length} cores, Node ${process.version}, load of the machine ${loadavg()[0].toFixed(1)}`);
  for (const bench of ALL.filter(({ name }) => !values.only || values.only.includes(name))) {
    const { name, says } = bench;
    say(`\n${name}: ${says}`);
    const figures = await measure(bench, { seconds, calls, webhooks, replicas, delayMs: Number(values['delay-ms']) });
    for (const figure of figures) say(lineOf(figure));
    results.push({ name, load: Number(loadavg()[0].toFixed(1)), figures: figures.map((one) => ({ ...one, met: isMet(one) })) });
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ cores: cpus().length, node: process.version, results }, null, 2)}\n`);
  const missed = results.flatMap(({ name, figures }) =>
    figures.filter(({ met }) => met === false).map(({ figure }) => `${name}: ${figure}`),
  );
  say(missed.length ? `\nmissed\n  ${missed.join('\n  ')}` : '\nevery bar met');
  process.exit(missed.length ? 1 : 0);
}

/** @param {Bench} bench @returns {Promise<Figure[]>} */
async function measure({ name, run }, options) {
  const folder = mkdtempSync(join(tmpdir(), `bench-${name}-`));
  const upstream = await new Fake360dialog().start();
  try {
    return await run({ folder, upstream, ...options });
  } finally {
    upstream.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Figure} figure @returns {boolean | null} null when there is no bar */
function isMet({ value, atMost, atLeast }) {
  if (atMost === undefined && atLeast === undefined) return null;
  return value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY);
}

function lineOf(figure) {
  const { value, unit, atMost, atLeast } = figure;
  const least = atLeast === undefined ? '' : `at least ${short(atLeast)}`;
  const bar = atMost === undefined ? least : `at most ${short(atMost)}`;
  const verdict = { true: 'met', false: 'MISSED', null: '' }[String(isMet(figure))];
  return `  ${figure.figure.padEnd(46)}${`${short(value)} ${unit}`.padEnd(16)}${bar.padEnd(16)}${verdict}`.trimEnd();
}

function wholeNumber(text, name) {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`${name} must be a whole number from 1`);
  return Number(text);
}

const say = (line) => void process.stdout.write(`${line}\n`);

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(2);
});
