import { performance } from 'node:perf_hooks';
import { ask } from '../prove/ask.mjs';
import { Gateway } from '../prove/gateway.mjs';
import { deliver } from '../prove/load.mjs';
import { pause } from '../prove/pause.mjs';
import { percentile } from '../prove/statistics.mjs';
import { connect, delivery, sdp } from '../prove/webhooks.mjs';
import { drained } from './ingest.mjs';
import { onBothEngines } from './on-both-engines.mjs';

const CALLS = 100;
/** The first of all, which load code and open sockets, count for nothing. */
const FIRST = 20;
/** 360dialog allows five permission reads a second, and a dial to a new user needs one. */
const DIAL_EVERY_MS = 250;
const ACCEPT_EVERY_MS = 20;
const ACCEPT_BAR_MS = 3;
const DIAL_BAR_MS = 10;
const ANSWER = { sdp_type: 'answer', sdp: sdp('active') };
const OFFER = { sdp_type: 'offer', sdp: sdp('actpass') };

/** @type {import('./main.mjs').Bench[]} */
export const benches = [
  {
    name: 'accept',
    says: 'what the gateway adds to the accept of an incoming call',
    run: (context) =>
      onBothEngines(context, (on) =>
        compare(on, { through: accept, action: 'accept', everyMs: ACCEPT_EVERY_MS, warmUp: 1_000, inARow: 1_000, barMs: ACCEPT_BAR_MS }),
      ),
  },
  {
    name: 'make-call',
    says: 'what the gateway adds to a dial, the check of the permission included',
    run: (context) =>
      onBothEngines(context, (on) =>
        compare(on, { through: dial, action: 'connect', everyMs: DIAL_EVERY_MS, warmUp: 200, barMs: DIAL_BAR_MS }),
      ),
  },
];

/**
 * A request through the gateway and one straight to 360dialog take turns, so that both meet the same machine. The bar is for a
 * gateway that has been at work: until Node has compiled what is used often, each request takes half as long again. With a pause after each the
 * same work takes about twice the processor time, since the caches of the processor have been used by others meanwhile.
 */
async function compare({ folder, upstream, database, engine }, { through, action, everyMs, warmUp, inARow = 0, barMs }) {
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url });
  await gateway.start();
  const { port } = new URL(upstream.url);
  const straight = async (i) => {
    const body = { messaging_product: 'whatsapp', action, call_id: `wacid.STRAIGHT.${i}`, to: userOf(i), session: ANSWER };
    return ask({ port: Number(port), method: 'POST', path: '/calling/calls', body });
  };
  const paced = FIRST + warmUp + CALLS;
  const calls = paced + inARow;
  await through.prepare?.(gateway, database, calls);
  const took = { through: [], straight: [] };
  for (let i = 0; i < calls; i += 1) {
    for (const [name, send] of [
      ['through', () => through.send(gateway, i)],
      ['straight', () => straight(i)],
    ]) {
      const began = performance.now();
      const { status, body } = await send();
      if (i >= FIRST) took[name].push(performance.now() - began);
      if (status >= 300) throw new Error(`${action} ${name}: ${status} ${JSON.stringify(body)}`);
    }
    if (i < paced) await pause(everyMs);
  }
  await gateway.kill();
  const soon = { through: took.through.slice(0, CALLS), straight: took.straight.slice(0, CALLS) };
  const later = lastOf(took, paced - FIRST);
  const busy = lastOf(took, calls - FIRST);
  return [
    { figure: `${engine}: straight to 360dialog, p50`, value: percentile(later.straight, 0.5), unit: 'ms' },
    { figure: `${engine}: through the gateway, p50`, value: percentile(later.through, 0.5), unit: 'ms' },
    { figure: `${engine}: through the gateway, p99`, value: percentile(later.through, 0.99), unit: 'ms' },
    { figure: `${engine}: added soon after a start, p50 of ${CALLS}`, value: addedBy(soon), unit: 'ms' },
    { figure: `${engine}: added after ${warmUp} more, p50 of ${CALLS}`, value: addedBy(later), unit: 'ms', atMost: barMs },
    ...(inARow > 0 ? [{ figure: `${engine}: added after ${inARow} in a row, p50`, value: addedBy(busy), unit: 'ms', atMost: barMs }] : []),
  ];
}

/** The last hundred of the first `count`. */
const lastOf = ({ through, straight }, count) => ({
  through: through.slice(count - CALLS, count),
  straight: straight.slice(count - CALLS, count),
});

const addedBy = ({ through, straight }) => percentile(through, 0.5) - percentile(straight, 0.5);

const userOf = (i) => `52155${String(i).padStart(8, '0')}`;

const accept = {
  async prepare(gateway, database, calls) {
    for (let i = 0; i < calls; i += 1) {
      const call = { wacid: `wacid.ACCEPT.${i}`, user: userOf(i), direction: 'USER_INITIATED' };
      await deliver(gateway.port, delivery([connect(call, Math.floor(Date.now() / 1_000))]));
    }
    await drained(database);
  },
  send: (gateway, i) => gateway.api('POST', '/api/calling/accept', { body: { call_id: `wacid.ACCEPT.${i}`, session: ANSWER } }),
};

const dial = {
  send: (gateway, i) => gateway.api('POST', '/api/calling/make-call', { body: { to: userOf(i), session: OFFER } }),
};
