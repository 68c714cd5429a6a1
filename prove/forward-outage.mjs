import http from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import Sqlite from 'better-sqlite3';
import { SqliteDatabase } from './database.mjs';
import { Gateway } from './gateway.mjs';
import { colourOf } from './kill-rounds.mjs';
import { deliver } from './load.mjs';
import { pause, until } from './pause.mjs';
import { Receiver } from './receiver.mjs';
import { machineLoad, percentile, spread } from './statistics.mjs';
import { StoppedForwarding } from './stopped.mjs';
import { connect, delivery, sdp } from './webhooks.mjs';

const SECOND = 1_000;
const HOUR_SECONDS = 3_600;
const PER_SECOND = 50;
const P99_MS = 100;
/** Until the code is compiled and the connections are open. */
const WARM_UP_SECONDS = 3;
/** 360dialog allows five reads of permissions a second, and each dial is one. */
const DIALS_PER_SECOND = 2;
/** A dial, or the answer to a webhook, may take so much longer while the target is down. */
const TOLERANCE_MS = 5;

/** @type {import('./main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'forward-outage',
    says: 'a forward target that is down for an hour gets every delivery afterwards, byte for byte and in order',
    run: async ({ folder, random, quick }) => {
      const found = await outage({ folder, random, perSecond: quick ? 1 : 5 });
      return { passed: found.same && found.received > HOUR_SECONDS / 2, summary: summaryOf(found) };
    },
  },
  {
    name: 'forward-outage-sabotage',
    says: 'the proof goes red when the place moves past what the target missed',
    run: async ({ folder, random }) => {
      const found = await outage({ folder, random, perSecond: 1, betweenTimes: forgetTheBacklog });
      return { passed: !found.same, summary: `${colourOf(!found.same)}: ${summaryOf(found)}` };
    },
  },
  {
    name: 'forward-refusals',
    says: 'what a target refuses is tried three times and set aside, all else goes on in order, and a replay brings what was set aside',
    run: async ({ folder, random, quick }) => {
      const found = await refusals({ folder, random, seconds: quick ? 900 : HOUR_SECONDS });
      return { passed: found.kept, summary: refusalsOf(found) };
    },
  },
  {
    name: 'forward-refusals-sabotage',
    says: 'the proof goes red when what was set aside is forgotten',
    run: async ({ folder, random }) => {
      const found = await refusals({ folder, random, seconds: 300, betweenTimes: forgetTheRefused });
      return { passed: !found.kept, summary: `${colourOf(!found.kept)}: ${refusalsOf(found)}` };
    },
  },
  {
    name: 'forward-latency',
    says: `forwarded within ${P99_MS} ms (p99) at ${PER_SECOND} deliveries/s; a target that hangs delays no dial and no answer`,
    run: async (context) => {
      const found = await upAndDown({ ...context, seconds: context.quick ? 5 : 20, holdMs: 60_000 });
      return { passed: found.unmoved && found.inTime, summary: found.summary };
    },
  },
  {
    name: 'forward-inline-sabotage',
    says: 'the proof goes red when 360dialog has to wait for the forward target',
    run: async (context) => {
      const found = await upAndDown({ ...context, seconds: 3, holdMs: SECOND, fault: 'forward-inline' });
      return { passed: !found.unmoved, summary: `${colourOf(!found.unmoved)}: ${found.summary}` };
    },
  },
  {
    name: 'forward-tick-sabotage',
    says: 'the proof goes red when forwarding waits for its next tick',
    run: async (context) => {
      const found = await upAndDown({ ...context, seconds: 3, holdMs: SECOND, fault: 'forward-by-tick' });
      return { passed: !found.inTime, summary: `${colourOf(!found.inTime)}: ${found.summary}` };
    },
  },
];

/** The same load on two gateways at the same moments, so that the machine slows both: one's target takes all, the other's hangs. */
async function upAndDown({ folder, upstream, seconds, holdMs, fault }) {
  const [up, down] = await Promise.all([
    measure({ folder: join(folder, 'up'), upstream, seconds, fault, fate: { status: 200, holdMs: 0 } }),
    measure({ folder: join(folder, 'down'), upstream, seconds, fault, fate: { status: 503, holdMs } }),
  ]);
  return {
    unmoved: ['ackMs', 'dialMs'].every((name) => isUnmoved(up[name], down[name])),
    inTime: percentile(up.forwardMs, 0.99) <= P99_MS && up.forwardMs.length === up.ackMs.length,
    summary:
      `${up.forwardMs.length} forwarded, ${spread(up.forwardMs)}; webhooks answered ${spread(up.ackMs)} while up, ${spread(down.ackMs)} ` +
      `while it hangs; dials ${spread(up.dialMs)} while up, ${spread(down.dialMs)} while it hangs; ${machineLoad()}`,
  };
}

const isUnmoved = (up, down) =>
  percentile(down, 0.5) <= percentile(up, 0.5) + TOLERANCE_MS && percentile(down, 0.99) <= percentile(up, 0.99) * 2 + TOLERANCE_MS;

const summaryOf = ({ received, attemptsMeanwhile, forwarded, same, seconds }) =>
  `${received} deliveries in an hour, ${attemptsMeanwhile} attempts while down, ${forwarded} forwarded afterwards in ${seconds.toFixed(1)} s, ` +
  `${same ? 'each once, byte for byte, in order' : 'NOT the same bytes in the same order'}`;

/** What forwarding amounts to that does not wait for its target. */
function forgetTheBacklog(path) {
  const file = new Sqlite(path, { timeout: 5_000 });
  file.exec('update forwards set delivery_id = (select max(id) from deliveries) - 1');
  file.close();
}

/** An hour of a clock that is moved by hand, with deliveries of any bytes. */
async function outage({ folder, random, perSecond, betweenTimes = () => undefined }) {
  const path = join(folder, 'gateway.db');
  const target = await new Receiver().start();
  const forwarding = await StoppedForwarding.open(path, target.url);
  const kept = [];
  target.fateOf = () => ({ status: 503, holdMs: 0 });
  for (let second = 0; second < HOUR_SECONDS; second += 1) {
    const bodies = Array.from({ length: perSecond }, () => Buffer.from(Array.from({ length: 40 }, () => random.between(0, 255))));
    kept.push(...bodies);
    await Promise.all(bodies.map((body) => forwarding.inbox.keep(body, null)));
    forwarding.clock.pass(SECOND);
    await forwarding.worker.drain();
  }
  const attemptsMeanwhile = target.attempts.length;
  betweenTimes(path);
  target.fateOf = () => ({ status: 200, holdMs: 0 });
  const began = performance.now();
  forwarding.clock.pass(60 * SECOND);
  await forwarding.worker.drain();
  const seconds = (performance.now() - began) / SECOND;
  await forwarding.close();
  target.stop();
  const forwarded = target.taken.map(({ body }) => body);
  const same = forwarded.length === kept.length && forwarded.every((body, i) => body.equals(kept[i]));
  return { received: kept.length, attemptsMeanwhile, forwarded: forwarded.length, same, seconds };
}

/** What forwarding amounts to that drops what its target refuses. */
function forgetTheRefused(path) {
  const file = new Sqlite(path, { timeout: 5_000 });
  file.exec("delete from refused_forwards where state = 'set_aside'");
  file.close();
}

const refusalsOf = ({ received, refused, tries, outages, setAside, same, replayed }) =>
  `${received} deliveries, ${refused} of them refused (${tries} attempts) amid ${outages} s of outages; ${setAside} set aside, the others ` +
  `${same ? 'each once and in order' : 'NOT each once and in order'}; ${replayed} taken by the replay`;

/** A stopped clock: a target that refuses one body in fifty with some 4xx, and is now and then away for a while. */
async function refusals({ folder, random, seconds, betweenTimes = () => undefined }) {
  const path = join(folder, 'gateway.db');
  const target = await new Receiver().start();
  let forwarding = await StoppedForwarding.open(path, target.url);
  const [kept, bad] = [[], new Map()];
  let outages = 0;
  let awayUntil = 0;
  let now = 0;
  let tries = 0;
  target.fateOf = ({ body }) => {
    if (now < awayUntil) return { status: 503, holdMs: 0 };
    const status = bad.get(body.toString()) ?? 200;
    if (status !== 200) tries += 1;
    return { status, holdMs: 0 };
  };
  const step = async () => {
    forwarding.clock.pass(SECOND);
    await forwarding.worker.drain();
  };
  for (; now < seconds; now += 1) {
    const body = `delivery ${now} ${random.between(0, 1_000_000)}`;
    kept.push(body);
    if (random.between(1, 50) === 1) bad.set(body, [400, 401, 404, 413, 422][random.between(0, 4)]);
    if (now >= awayUntil && random.between(1, 200) === 1) awayUntil = now + random.between(5, 40);
    if (now < awayUntil) outages += 1;
    await forwarding.inbox.keep(Buffer.from(body), null);
    await step();
    // The next process has what the database holds, and nothing else.
    if (random.between(1, 100) === 1) forwarding = await forwarding.restart(path, target.url);
  }
  awayUntil = 0;
  // Each refused delivery takes 20 s of the queue.
  for (let more = 0; more < bad.size * 21 + 120; more += 1) await step();
  const triesBefore = tries;
  betweenTimes(path);
  const good = kept.filter((body) => !bad.has(body));
  const taken = target.taken.map(({ body }) => body.toString());
  const same = taken.length === good.length && taken.every((body, i) => body === good[i]);
  const setAside = (await forwarding.refused.all()).length;
  const refused = bad.size;
  bad.clear();
  await forwarding.refused.replay(null);
  for (let more = 0; more < refused + 10; more += 1) await step();
  const replayed = target.taken.length - taken.length;
  const left = (await forwarding.refused.all()).length;
  await forwarding.close();
  target.stop();
  const counts = setAside === refused && replayed === refused && left === 0 && triesBefore === 3 * refused;
  return {
    received: kept.length,
    refused,
    tries: triesBefore,
    outages,
    setAside,
    same,
    replayed,
    kept: same && refused > 0 && outages > 0 && counts,
  };
}

/** A gateway of its own process under webhooks and dials at a fixed pace. */
async function measure({ folder, upstream, seconds, fate, fault }) {
  const target = await new Receiver().start();
  target.fateOf = () => fate;
  const database = new SqliteDatabase(join(folder, 'gateway.db'));
  const options = { folder, databaseUrl: database.url, upstream: upstream.url };
  const gateway = new Gateway({ ...options, environment: { WEBHOOK_FORWARD_URL: target.url }, fault });
  await gateway.start();
  const agent = new http.Agent({ keepAlive: true });
  const sentAt = new Map();
  const [ackMs, dialMs] = [[], []];
  const timed = async (list, counts, work) => {
    const began = performance.now();
    const { status } = await work();
    if (status !== 200 && status !== 201) throw new Error(`the gateway answered ${status}`);
    if (counts) list.push(performance.now() - began);
  };
  const all = [];
  // Looked at in the end: what fails meanwhile must not end the proofs that come after this one.
  const send = (list, counts, work) => all.push(timed(list, counts, work).catch((error) => error));
  let sent = 0;
  const began = performance.now();
  for (let i = 0; i < PER_SECOND * (WARM_UP_SECONDS + seconds); i += 1) {
    const counts = i >= PER_SECOND * WARM_UP_SECONDS;
    const call = { wacid: `wacid.FORWARD.${i}`, user: `5216${String(i).padStart(9, '0')}`, direction: 'USER_INITIATED' };
    const body = Buffer.from(JSON.stringify(delivery([connect(call, Math.floor(Date.now() / SECOND))])));
    sent += 1;
    if (counts) sentAt.set(body.toString(), performance.now());
    send(ackMs, counts, () => deliver(gateway.port, body, { agent }));
    if (i % (PER_SECOND / DIALS_PER_SECOND) === 0) send(dialMs, counts, () => dial(gateway, i));
    await pause(Math.max(0, began + ((i + 1) * SECOND) / PER_SECOND - performance.now()));
  }
  const failure = (await Promise.all(all)).find((result) => result instanceof Error);
  if (failure) throw failure;
  if (fate.status === 200) await until('all is forwarded', () => target.taken.length >= sent, { withinMs: 20_000 });
  await gateway.kill();
  agent.destroy();
  target.stop();
  return { ackMs, dialMs, forwardMs: target.taken.map(({ body, at }) => at - sentAt.get(body.toString())).filter(Number.isFinite) };
}

const dial = (gateway, i) =>
  gateway.api('POST', '/api/calling/make-call', {
    body: { to: `5217${String(i).padStart(9, '0')}`, session: { sdp_type: 'offer', sdp: sdp('actpass') } },
    headers: { 'idempotency-key': `prove-forward-${i}` },
  });
