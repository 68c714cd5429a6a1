import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqliteDatabase } from '../database.mjs';
import { Gateway } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { Ledger } from '../ledger.mjs';
import { deliver } from '../load.mjs';
import { pause } from '../pause.mjs';
import { connect, delivery, sdp, terminate } from '../webhooks.mjs';

const [QUICK_JUMPS, FULL_JUMPS] = [10, 200];
/** How far the gateway's clock is beside the true one, in seconds. */
const OFFSETS = [-86_400, -3_600, -60, -1, 0, 1, 60, 3_600, 86_400];
/** The watchdog looks every second. */
const LOOK_MS = 1_500;

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'clock-jumps',
    says: "the machine's clock is moved by up to a day, to and fro: no call is ended by it, no key dials twice, nothing acknowledged is lost",
    run: async ({ quick, ...stage }) => {
      const result = await jump({ ...stage, jumps: quick ? QUICK_JUMPS : FULL_JUMPS });
      if (result === null) return NO_FAKETIME;
      const { jumps, farthest, ended, dials, lost, backwards, faults } = result;
      return {
        passed: ended === 0 && dials === jumps && lost === 0 && backwards === 0 && faults === 0 && farthest >= 3_600,
        figures:
          `${jumps} jumps, the farthest ${farthest} s; ${ended} of ${2 * jumps} live calls ended, ${dials} dials of ${jumps} keys, each asked twice, ` +
          `${lost} of ${result.acknowledged} webhooks lost, ${backwards} durations below zero, ${faults} other faults`,
      };
    },
  },
  {
    name: 'clock-jumps-sabotage',
    says: 'the proof goes red against a gateway that believes its clock at once',
    run: async (stage) => {
      const result = await jump({ ...stage, jumps: QUICK_JUMPS, fault: 'believe-the-clock' });
      if (result === null) return NO_FAKETIME;
      return { passed: result.ended > 0, figures: `${colourOf(result.ended > 0)}: ${result.ended} live calls ended` };
    },
  },
];

const NO_FAKETIME = { passed: null, figures: 'needs libfaketime (Debian: apt-get install faketime)' };

function findFaketime() {
  const libraries = existsSync('/usr/lib') ? readdirSync('/usr/lib') : [];
  const found = libraries.map((triplet) => join('/usr/lib', triplet, 'faketime/libfaketimeMT.so.1')).find((path) => existsSync(path));
  return found ?? null;
}

/** Before each jump a call rings, and another is dialled; after it both must go on as if nothing had been. */
async function jump({ folder, upstream, random, jumps, fault }) {
  const library = findFaketime();
  if (library === null) return null;
  const offsets = new Offsets(join(folder, 'offset'));
  const database = new SqliteDatabase(join(folder, 'gateway.db'));
  const gateway = new Gateway({
    folder,
    databaseUrl: database.url,
    upstream: upstream.url,
    // Timers run on steady time, which no one who sets a clock can move.
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: offsets.path,
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    fault,
  });
  await gateway.start();
  await pause(LOOK_MS);
  const ledger = new Ledger();
  const result = { jumps, farthest: 0, ended: 0, backwards: 0, faults: 0 };
  for (let i = 0; i < jumps; i += 1) {
    const wacid = await ring({ gateway, ledger, i });
    const dialled = await dial(gateway, i);
    const offset = random.pick(OFFSETS.filter((one) => one !== offsets.now));
    result.farthest = Math.max(result.farthest, Math.abs(offset - offsets.now));
    offsets.set(offset);
    await pause(LOOK_MS);
    const states = await Promise.all([wacid, dialled.body.id].map((id) => stateOf(gateway, id)));
    result.ended += states.filter((state) => state === 'ended').length;
    const again = await dial(gateway, i);
    if (again.body.id !== dialled.body.id) result.faults += 1;
    await hangUp({ gateway, ledger, result, wacid, id: dialled.body.id });
  }
  await gateway.kill();
  const lost = await ledger.countLostInAll(database);
  return { ...result, dials: upstream.dials.length, acknowledged: ledger.promised.size, lost };
}

/** The file that libfaketime reads at each look at the clock. */
class Offsets {
  now = 0;

  constructor(path) {
    this.path = path;
    this.set(0);
  }

  set(seconds) {
    // Renamed, so that nobody reads half of it.
    writeFileSync(`${this.path}.next`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${this.path}.next`, this.path);
    this.now = seconds;
  }
}

async function tell({ gateway, ledger }, value, wacid) {
  const body = Buffer.from(JSON.stringify(delivery([value])));
  const { status } = await deliver(gateway.port, body);
  if (status === 200) ledger.acknowledge(body, wacid);
}

const called = (i, direction) => ({ wacid: `wacid.JUMP.${i}`, user: `52155${String(i).padStart(8, '0')}`, direction });

async function ring({ gateway, ledger, i }) {
  const call = called(i, 'USER_INITIATED');
  // By the gateway's own clock, as if 360dialog's were moved, too: only the jump is to be seen.
  const date = new Date((await gateway.api('GET', '/health/live')).headers.date);
  await tell({ gateway, ledger }, connect(call, Math.floor(date.getTime() / 1_000)), call.wacid);
  return call.wacid;
}

const dial = (gateway, i) =>
  gateway.api('POST', '/api/calling/make-call', {
    body: { to: `52156${String(i).padStart(8, '0')}`, session: { sdp_type: 'offer', sdp: sdp('actpass') } },
    headers: { 'idempotency-key': `jump-${i}` },
  });

const stateOf = async (gateway, id) => (await gateway.api('GET', `/api/calling/calls/${encodeURIComponent(id)}`)).body.state;

/** Answers the call that rings, and ends both. */
async function hangUp({ gateway, ledger, result, wacid, id }) {
  const session = { sdp_type: 'answer', sdp: sdp('active') };
  const { status } = await gateway.api('POST', '/api/calling/accept', { body: { call_id: wacid, session } });
  if (status !== 200 && (await stateOf(gateway, wacid)) !== 'ended') result.faults += 1;
  await gateway.api('POST', '/api/calling/terminate', { body: { id } });
  await tell(
    { gateway, ledger },
    terminate({ wacid, user: '5215500000001', direction: 'USER_INITIATED' }, Math.floor(Date.now() / 1_000), 2),
    wacid,
  );
  await pause(100);
  for (const one of [wacid, id]) {
    const { body } = await gateway.api('GET', `/api/calling/calls/${encodeURIComponent(one)}`);
    if (body.duration_seconds !== null && body.duration_seconds < 0) result.backwards += 1;
  }
}
