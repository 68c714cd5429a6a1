import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WEBHOOK_PATH } from '../dist/config/webhook-path.js';
import { SqliteDatabase } from './database.mjs';
import { Gateway, WEBHOOK_TOKEN } from './gateway.mjs';
import { colourOf } from './kill-rounds.mjs';
import { until } from './pause.mjs';
import { Receiver } from './receiver.mjs';
import { connect, delivery, sdp, status, terminate } from './webhooks.mjs';

/** Enough people that pages of the file split and rows move: the proof looks for copies that stay behind. */
const QUICK = { people: 300, erased: 60 };
const FULL = { people: 2_000, erased: 300 };
const TYPES = ['call.incoming', 'call.ended', 'permission.updated'];
/** Other pages that could contain a person. */
const PAGES = ['/metrics', '/api/compliance/reports', '/api/compliance/snapshots', '/api/calling/status', '/api/subscriptions'];

/** @type {import('./main.mjs').Proof[]} */
export const proofs = [
  {
    name: 'erasure',
    says: 'an erased person is in no byte of file, write-ahead log, output, metrics and exports',
    run: async (context) => {
      const found = await eraseSome({ ...context, ...(context.quick ? QUICK : FULL) });
      return { passed: isClean(found) && found.before > 0 && found.deliveredBefore > 0, summary: summaryOf(found) };
    },
  },
  ...[
    ['erasure-sabotage-table', 'erase-without-deliveries', 'forgets a table'],
    ['erasure-sabotage-file', 'erase-without-compaction', 'does not write the file anew'],
  ].map(([name, fault, what]) => ({
    name,
    says: `the proof goes red against a gateway that ${what}`,
    run: async (context) => {
      const found = await eraseSome({ ...context, ...QUICK, erased: 150, fault });
      const red = found.file + found.wal > 0;
      return { passed: red, summary: `${colourOf(red)}: ${summaryOf(found)}` };
    },
  })),
];

const isClean = ({ file, wal, log, answers, refused }) => file + wal + log + answers + refused === 0;

const summaryOf = ({ people, erased, before, deliveredBefore, file, wal, log, answers, refused, slowestMs }) =>
  `${erased} of ${people} people erased (slowest ${slowestMs} ms), ${refused} refused; found before in the database ${before}, ` +
  `delivered to a subscriber ${deliveredBefore}; afterwards people in the file ${file}, in the log of writes ${wal}, in the output ${log}, in answers ${answers}`;

async function eraseSome({ folder, upstream, random, people, erased, fault }) {
  const database = new SqliteDatabase(join(folder, 'gateway.db'));
  const log = join(folder, 'output.log');
  const environment = { EVENTS_ALLOW_PRIVATE_TARGETS: 'true', LOG_LEVEL: 'trace' };
  const gateway = new Gateway({ folder, databaseUrl: database.url, upstream: upstream.url, environment, fault, log });
  const receiver = await new Receiver().start();
  await gateway.start();
  await gateway.api('POST', '/api/subscriptions', { body: { url: receiver.url, types: TYPES } });
  const everyone = Array.from({ length: people }, (_, index) => canary(random, index));
  for (const person of everyone) await live(gateway, person);
  await until('every delivery taken in', async () => (await database.countNotDone()).new === 0);
  const chosen = everyone.filter((_, index) => index % Math.floor(people / erased) === 0).slice(0, erased);
  await until('every event delivered', () => isDelivered(receiver, chosen.at(-1)));
  const before = countIn(readFileSync(database.path), chosen) + countIn(walOf(database), chosen);
  const deliveredBefore = chosen.filter((person) => isDelivered(receiver, person)).length;
  const { refused, slowestMs } = await eraseAll(gateway, chosen);
  const answers = countIn(Buffer.from(await everyAnswer(gateway)), chosen);
  await until('nothing to be read', async () => (await database.countRetrying()) === 0);
  const found = { file: countIn(readFileSync(database.path), chosen), wal: countIn(walOf(database), chosen) };
  await gateway.kill();
  receiver.stop();
  return {
    people,
    erased: chosen.length,
    before,
    deliveredBefore,
    refused,
    slowestMs,
    answers,
    ...found,
    log: countIn(readFileSync(log), chosen),
  };
}

/** A person with unique identifiers. */
function canary(random, index) {
  const digits = String(random.between(1_000_000_000, 9_999_999_999));
  const word = `canary${digits}x${index}`;
  const waId = `521${digits}`;
  return {
    index,
    waId,
    word,
    bsuid: `MX.${digits}${index}`,
    wacid: `wacid.${Buffer.from(`${waId}:${index}`).toString('base64')}`,
    outWamid: `wamid.${Buffer.from(`m${waId}:${index}`).toString('base64')}`,
    marks: [digits, word, `MX.${digits}${index}`, Buffer.from(`${waId}:${index}`).toString('base64').slice(0, 16)],
  };
}

/** All data that the gateway keeps about a person: a call with a name and an SDP, a message, a permission, an outbound call. */
async function live(gateway, person) {
  const now = Math.floor(Date.now() / 1_000) - 60;
  const call = { wacid: person.wacid, user: person.waId, direction: 'USER_INITIATED' };
  const contacts = [{ profile: { name: `Name ${person.word}`, username: person.word }, wa_id: person.waId, user_id: person.bsuid }];
  const offered = connect(call, now);
  offered.calls[0].session.sdp = sdp('actpass').replace('provepassword', person.word);
  offered.calls[0].cta_payload = person.word;
  await post(gateway, delivery([{ ...offered, contacts }]));
  await post(gateway, delivery([{ ...terminate(call, now + 20, 5), contacts }]));
  await post(gateway, messages({ contacts, messages: [message(person, now, { type: 'text', text: { body: `I am ${person.word}` } })] }));
  await post(gateway, messages({ contacts, messages: [message(person, now + 1, permission(now))] }));
  if (person.index % 10 === 0) await callThem(gateway, person, now);
}

/** An outbound call that is answered, with every text that a client may send. */
async function callThem(gateway, person, now) {
  const body = { to: person.waId, reference: person.word, session: { sdp_type: 'offer', sdp: sdp('actpass') } };
  // A key in the caller's own words stays taken for its 72 hours; one that names the person goes.
  const key = person.index % 20 ? `to ${person.waId}` : `call ${person.index}`;
  const made = await gateway.api('POST', '/api/calling/make-call', { body, headers: { 'idempotency-key': key } });
  if (made.status !== 201) throw new Error(`make-call was answered ${made.status} ${JSON.stringify(made.body)}`);
  const call = { wacid: made.body.call_id, user: person.waId, direction: 'BUSINESS_INITIATED' };
  await post(gateway, delivery([connect(call, now + 30), status(call, 'RINGING', now + 31)]));
  await post(gateway, delivery([terminate(call, now + 50, null)]));
}

const messages = (value) => {
  const { entry, ...envelope } = delivery([value]);
  return { ...envelope, entry: entry.map((one) => ({ ...one, changes: one.changes.map((change) => ({ ...change, field: 'messages' })) })) };
};

const message = ({ waId, bsuid, outWamid }, at, rest) => ({
  from: waId,
  from_user_id: bsuid,
  id: `${outWamid}${at}`,
  timestamp: String(at),
  ...rest,
});

const permission = (at) => ({
  type: 'interactive',
  interactive: {
    type: 'call_permission_reply',
    call_permission_reply: {
      response: 'accept',
      is_permanent: false,
      expiration_timestamp: String(at + 600_000),
      response_source: 'user_action',
    },
  },
});

async function post(gateway, body) {
  const headers = { authorization: `Bearer ${WEBHOOK_TOKEN}` };
  const { status: answered } = await gateway.api('POST', WEBHOOK_PATH, { body, headers });
  if (answered !== 200) throw new Error(`a delivery was answered ${answered}`);
}

const isDelivered = (receiver, { waId }) => receiver.taken.some(({ body }) => body.includes(waId));

async function eraseAll(gateway, chosen) {
  let refused = 0;
  let slowestMs = 0;
  for (const { waId, bsuid, index } of chosen) {
    const began = Date.now();
    const answer = await gateway.api('DELETE', `/api/users/${index % 2 ? bsuid : waId}`, { timeoutMs: 30_000 });
    slowestMs = Math.max(slowestMs, Date.now() - began);
    if (answer.status !== 200 || answer.body.erased.people !== 1) refused += 1;
  }
  return { refused, slowestMs };
}

/** The call log as CSV and as JSON, bundles, and every page that could contain a person. */
async function everyAnswer(gateway) {
  const csv = await gateway.api('GET', '/api/calling/calls', { headers: { accept: 'text/csv' } });
  const calls = await gateway.api('GET', '/api/calling/calls?limit=200');
  const texts = [csv, calls];
  for (const { id } of calls.body.data.slice(0, 20)) {
    for (const part of ['', '/timeline', '/bundle']) texts.push(await gateway.api('GET', `/api/calling/calls/${id}${part}`));
  }
  for (const path of PAGES) texts.push(await gateway.api('GET', path));
  return texts.map((answer) => JSON.stringify(answer)).join('\n');
}

const walOf = ({ path }) => (existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`) : Buffer.alloc(0));

/** How many of the people are found by any of their marks. */
const countIn = (bytes, chosen) => chosen.filter(({ marks }) => marks.some((mark) => bytes.includes(mark))).length;
