import { WEBHOOK_PATH } from '../../dist/config/webhook-path.js';
import { ask } from '../ask.mjs';
import { onBothEngines } from '../database.mjs';
import { Gateway, WEBHOOK_TOKEN } from '../gateway.mjs';
import { colourOf } from '../kill-rounds.mjs';
import { deliver } from '../load.mjs';
import { connect, delivery } from '../webhooks.mjs';
import { crowd } from './crowd.mjs';

const [QUICK, FULL, SABOTAGED] = [5_000, 100_000, 2_000];

/** @type {import('../main.mjs').Proof[]} */
export const proofs = [
  ...onBothEngines({
    name: 'forged',
    says: 'no webhook without the token is taken in, however close it comes, and true ones still are',
    run: async (context) => {
      const { sent, statuses, kept, trueOnes } = await forge({ ...context, count: context.quick ? QUICK : FULL });
      const refusedAll = Object.keys(statuses).every((status) => status === '401' || status === '429');
      return {
        passed: refusedAll && kept === trueOnes.sent && trueOnes.answered === trueOnes.sent,
        summary: `${sent} forged, answers ${JSON.stringify(statuses)}, ${kept - trueOnes.sent} kept; ${trueOnes.answered} of ${trueOnes.sent} true ones kept`,
      };
    },
  }),
  ...onBothEngines({
    name: 'forged-sabotage',
    says: 'the proof goes red against a gateway that compares the beginning of the token alone',
    run: async (context) => {
      const fault = 'token-by-prefix';
      const { statuses, sent } = await forge({ ...context, count: SABOTAGED, fault });
      const through = statuses[200] ?? 0;
      return { passed: through > 0, summary: `${colourOf(through > 0)}: ${through} of ${sent} forged ones came through` };
    },
  }),
];

async function forge({ folder, upstream, random, makeDatabase, count, fault }) {
  const database = await makeDatabase();
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, fault });
  await gateway.start();
  const statuses = {};
  const trueOnes = { sent: 0, answered: 0 };
  await crowd(count, async (i, agent) => {
    const call = { wacid: `wacid.FORGED.${i}`, user: '5215500000001', direction: 'USER_INITIATED' };
    const body = delivery([connect(call, Math.floor(Date.now() / 1_000))]);
    const { headers, query } = random.pick(FORGERIES)(random);
    const { status } = await ask({ port: gateway.port, method: 'POST', path: `${WEBHOOK_PATH}${query ?? ''}`, body, headers, agent });
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (i % 100 !== 99) return;
    // In between 360dialog itself delivers, to the same path and from the same address.
    trueOnes.sent += 1;
    const genuine = await deliver(gateway.port, delivery([connect({ ...call, wacid: `wacid.TRUE.${i}` }, 1)]), { agent });
    if (genuine.status === 200) trueOnes.answered += 1;
  });
  const kept = (await database.deliveriesAfter(0)).length;
  await gateway.kill();
  return { sent: count, statuses, kept, trueOnes };
}

const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });
const randomText = (random, length) => Array.from({ length }, () => random.pick('abcdefghijklmnopqrstuvwxyz0123456789-')).join('');
const basic = (user, password) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** Everything that has been seen to slip past a careless comparison. */
const FORGERIES = [
  () => ({ headers: {} }),
  () => bearer(''),
  (random) => bearer(randomText(random, WEBHOOK_TOKEN.length)),
  (random) => bearer(WEBHOOK_TOKEN.slice(0, random.between(1, WEBHOOK_TOKEN.length - 1))),
  (random) => bearer(WEBHOOK_TOKEN + randomText(random, random.between(1, 20))),
  (random) => bearer(changedCharacter(random)),
  () => bearer(WEBHOOK_TOKEN.toUpperCase()),
  () => bearer(`${WEBHOOK_TOKEN},${WEBHOOK_TOKEN}`),
  () => bearer(`"${WEBHOOK_TOKEN}"`),
  () => bearer(Buffer.from(WEBHOOK_TOKEN).toString('base64')),
  () => bearer('*'),
  () => bearer('null'),
  () => ({ headers: { authorization: basic('x', randomText({ pick: () => 'x' }, 3)) } }),
  () => ({ headers: { authorization: `Token ${WEBHOOK_TOKEN}` } }),
  () => ({ headers: { 'd360-api-key': WEBHOOK_TOKEN } }),
  () => ({ headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } }),
  () => ({ headers: { cookie: `token=${WEBHOOK_TOKEN}` } }),
  () => ({ headers: {}, query: `?token=${WEBHOOK_TOKEN}` }),
  () => ({ headers: {}, query: `?access_token=${WEBHOOK_TOKEN}&hub.verify_token=${WEBHOOK_TOKEN}` }),
  (random) => bearer(randomText(random, 4_000)),
];

function changedCharacter(random) {
  const at = random.between(0, WEBHOOK_TOKEN.length - 1);
  return `${WEBHOOK_TOKEN.slice(0, at)}~${WEBHOOK_TOKEN.slice(at + 1)}`;
}
