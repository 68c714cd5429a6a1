// Walks the README's first ring over HTTP against a gateway that runs with the simulator: npm run first-ring -- --help
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const HELP = `Places one simulated call and takes another, and says what happened at each step.

  API_KEY=… npm run first-ring [-- --url http://127.0.0.1:3000] [--key KEY] [--number PHONE_NUMBER_ID]

The key is the one the gateway printed at its first start. A gateway in live mode is refused: it would ring real people.
--number says which number calls and is called, where the gateway has several.
`;
const ANA = '5215512340001';
const PATIENCE_MS = 15_000;

const options = read();
if (options.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
if (existsSync('.env')) process.loadEnvFile('.env');
const url = (options.url ?? `http://127.0.0.1:${process.env.PORT || 3000}`).replace(/\/+$/, '');
const key = options.key ?? process.env.API_KEY;
/** What a request says of the number; nothing where there is one alone. */
const ofNumber = options.number ? { phone_number_id: options.number } : {};
const numberQuery = options.number ? `&phone_number_id=${encodeURIComponent(options.number)}` : '';
const counts = { passed: 0, failed: 0 };
const listening = new AbortController();
const received = [];

try {
  if (!key) throw new Error('no key: set API_KEY, or give --key');
  await refuseLive();
  await listen();
  await callAna();
  await takeFede();
  await step('the event stream reported both calls', () => {
    const wanted = ['call.ready', 'call.connected', 'call.answered', 'call.ended', 'call.incoming', 'call.claimed'];
    return until(() => wanted.every((type) => received.includes(type)) && received.length, `the events ${wanted.join(', ')}`);
  });
} catch (error) {
  counts.failed += 1;
  process.stdout.write(`FAIL  ${error.message}\n`);
} finally {
  listening.abort();
}
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exit(counts.failed ? 1 : 0);

async function callAna() {
  const offer = example('offer');
  const first = await step('make-call asks Ana for permission, or finds it granted', async () => {
    const call = await api('POST', '/api/calling/make-call', { to: ANA, reference: 'first-ring', ...ofNumber });
    return expectState(call, ['awaiting_permission', 'ready']);
  });
  await step('Ana grants it: the call is ready', () => reach(first.id, 'ready'));
  await step('connect dials', async () =>
    expectState(await api('POST', '/api/calling/connect', { id: first.id, session: offer }), ['dialing']),
  );
  await step('her phone rings', () => reach(first.id, 'ringing'));
  await step('she answers', () => reach(first.id, 'in_progress'));
  await step('terminate hangs up', async () => {
    const call = expectState(await api('POST', '/api/calling/terminate', { id: first.id }), ['ended']);
    return expectOutcome(call, 'answered');
  });
}

async function takeFede() {
  const answer = example('answer');
  const id = await step('Fede calls in', async () => {
    const { call } = await api('POST', '/simulator/api/users/fede/call', ofNumber);
    return until(
      async () => (await api('GET', `/api/calling/calls?direction=inbound&state=ringing${numberQuery}`)).data.find(isCall(call.call_id)),
      'ringing',
    );
  }).then((call) => call.id);
  await step('pre-accept warms the line up', async () => {
    const call = await api('POST', '/api/calling/pre-accept', { id, session: answer });
    if (call.pre_accepted_at === null) throw new Error('pre_accepted_at is null');
    return call;
  });
  await step('accept answers with the same SDP', async () =>
    expectState(await api('POST', '/api/calling/accept', { id }), ['in_progress']),
  );
  await step('terminate hangs up on him', async () => {
    const call = expectState(await api('POST', '/api/calling/terminate', { id }), ['ended']);
    return expectOutcome(call, 'answered');
  });
}

function isCall(wacid) {
  return (call) => call.call_id === wacid;
}

async function refuseLive() {
  const answer = await fetch(`${url}/health/ready`).catch((error) => {
    throw new Error(`nothing answers at ${url} (${error.cause?.code ?? error.message}): start the gateway with npm start`);
  });
  const mode = answer.headers.get('x-gateway-mode');
  if (mode !== 'simulator') throw new Error(`${url} is not a gateway with the simulator (mode ${mode ?? 'unknown'}); nothing was sent`);
}

/** Keeps the types of all events in `received` until the script ends. */
async function listen() {
  const stream = await fetch(`${url}/api/events`, { headers: { Authorization: `Bearer ${key}` }, signal: listening.signal });
  if (!stream.ok) throw new Error(`/api/events answered ${stream.status}: ${await stream.text()}`);
  (async () => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of stream.body) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: {"id"')) received.push(JSON.parse(line.slice(6)).type);
    }
  })().catch(() => undefined);
}

async function api(method, path, body) {
  const headers = { Authorization: `Bearer ${key}`, ...(body && { 'Content-Type': 'application/json' }) };
  const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE_MS) });
  const value = await answer.json();
  if (!answer.ok)
    throw new Error(`${method} ${path} answered ${answer.status} ${value.code ?? ''}: ${value.detail ?? JSON.stringify(value)}`);
  return value;
}

function reach(id, state) {
  return until(async () => {
    const call = await api('GET', `/api/calling/calls/${id}`);
    if (call.state === 'ended') throw new Error(`the call ended as ${call.outcome} before it was ${state}`);
    return call.state === state && call;
  }, state);
}

async function until(look, what) {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(100)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`waited ${PATIENCE_MS / 1000} s for ${what}`);
}

function expectState(call, states) {
  if (!states.includes(call.state)) throw new Error(`the call is ${call.state}, not ${states.join(' or ')}`);
  return call;
}

function expectOutcome(call, outcome) {
  if (call.outcome !== outcome) throw new Error(`the call ended as ${call.outcome}, not ${outcome}`);
  return call;
}

/** Runs one step and says how it went; the first that fails ends the walk. */
async function step(what, work) {
  try {
    const result = await work();
    counts.passed += 1;
    process.stdout.write(`ok    ${what}${result.state ? ` (${[result.state, result.outcome].filter(Boolean).join(', ')})` : ''}\n`);
    return result;
  } catch (error) {
    throw new Error(`${what}: ${error.message}`);
  }
}

/** What was asked for; what cannot be understood is said in a line, with the way to write it. */
function read() {
  try {
    return parseArgs({
      options: { url: { type: 'string' }, key: { type: 'string' }, number: { type: 'string' }, help: { type: 'boolean' } },
    }).values;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${HELP}`);
    process.exit(64);
  }
}

function example(name) {
  return JSON.parse(readFileSync(new URL(`../docs/examples/${name}.json`, import.meta.url), 'utf8'));
}
