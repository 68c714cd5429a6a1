import http from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { SqliteDatabase } from './database.mjs';
import { EventStream } from './event-stream.mjs';
import { machineLoad, percentile, spread } from './figures.mjs';
import { Gateway } from './gateway.mjs';
import { colourOf } from './kill-rounds.mjs';
import { deliver } from './load.mjs';
import { pause, until } from './pause.mjs';
import { connect, delivery, terminate } from './webhooks.mjs';

const CALLS_PER_SECOND = 200;
const SECONDS = 20;
const WARM_UP_SECONDS = 3;
const TALK_MS = 1_000;
const P50_MS = 5;
const P99_MS = 50;

/** @type {import('./main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'latency',
    says: `webhook in to event out at ${CALLS_PER_SECOND} calls/s: half within ${P50_MS} ms, 99 % within ${P99_MS} ms`,
    run: async ({ folder, upstream }) => {
      const { tookMs, lost } = await measure({ folder, upstream });
      const fast = percentile(tookMs, 0.5) <= P50_MS && percentile(tookMs, 0.99) <= P99_MS;
      const figures = `${CALLS_PER_SECOND} calls/s for ${SECONDS} s, ${tookMs.length} events, ${lost} lost, ${spread(tookMs)}`;
      return { passed: fast && lost === 0, figures: `${figures}, longest ${Math.max(...tookMs).toFixed(0)} ms; ${machineLoad()}` };
    },
  },
  {
    name: 'latency-sabotage',
    says: 'the proof goes red when events wait for the next look at the outbox',
    run: async (stage) => {
      const { tookMs } = await measure({ ...stage, seconds: 3, fault: 'tell-by-tick' });
      const red = percentile(tookMs, 0.5) > P50_MS && percentile(tookMs, 0.99) > P99_MS;
      return { passed: red, figures: `${colourOf(red)}: ${spread(tookMs)}` };
    },
  },
];

/** Calls that begin at a fixed pace, whatever the answers take, and end a second later; each webhook is one event. */
async function measure({ folder, upstream, seconds = SECONDS, fault }) {
  const database = new SqliteDatabase(join(folder, 'gateway.db'));
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, fault });
  await gateway.start();
  const sentAt = new Map();
  const tookMs = [];
  const stream = new EventStream(gateway.port, {
    onEvent: ({ type, data }) => {
      const name = `${data.call_id} ${type}`;
      const at = sentAt.get(name);
      if (at !== undefined) tookMs.push(performance.now() - at);
      sentAt.delete(name);
    },
  });
  await stream.opened;
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const send = (call, value, type, counts) => {
    if (counts) sentAt.set(`${call.wacid} ${type}`, performance.now());
    deliver(gateway.port, delivery([value]), { agent }).catch(() => undefined);
  };
  const began = performance.now();
  for (let i = 0; i < CALLS_PER_SECOND * (WARM_UP_SECONDS + seconds); i += 1) {
    const counts = i >= CALLS_PER_SECOND * WARM_UP_SECONDS;
    const call = { wacid: `wacid.FAST.${i}`, user: `5215${String(i).padStart(9, '0')}`, direction: 'USER_INITIATED' };
    const at = Math.floor(Date.now() / 1_000);
    send(call, connect(call, at), 'call.incoming', counts);
    setTimeout(() => send(call, terminate(call, at + 1, null), 'call.ended', counts), TALK_MS);
    await pause(Math.max(0, began + ((i + 1) * 1_000) / CALLS_PER_SECOND - performance.now()));
  }
  await pause(TALK_MS);
  await until('every event', () => sentAt.size === 0, { withinMs: 10_000 }).catch(() => undefined);
  stream.cut();
  await gateway.kill();
  agent.destroy();
  return { tookMs, lost: sentAt.size };
}
