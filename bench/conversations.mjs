// Does counting stay cheap? Feeds message statuses through the gateway's own observer, as the inbox does, and reads the window
// while and after they come. Needs a build in dist/; `npm run bench:conversations` sees to it.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import 'reflect-metadata';
import { ConversationObserver } from '../dist/compliance/conversations/conversation.observer.js';
import { ConversationsService } from '../dist/compliance/conversations/conversations.service.js';
import { ConversationsStore } from '../dist/compliance/conversations/storage/conversations.store.js';
import { openStore } from '../dist/store/open-store.js';
import { numberLock } from '../dist/store/store.js';

const NUMBER = '300000000000001';
const DAY_MS = 86_400_000;
const END = Date.UTC(2026, 10, 22, 12);
const DAYS = 30;
/** Meta reports each message of a conversation as sent, delivered and read. */
const STATUSES = ['sent', 'delivered', 'read'];
const MESSAGES = 3;
const PER_CONVERSATION = STATUSES.length * MESSAGES;
/** How many the inbox works off in one transaction. */
const BATCH = 100;
const READS = 1_000;
/** Code that has run is code that is compiled: a gateway has been running for a while. */
const WARM_UP = 100;
const WINDOW_BAR_MS = 50;
const GROWTH_BAR = 1.5;

const USAGE = `npm run bench:conversations -- [--statuses N] [--json]

  --statuses N   how many message statuses; ${PER_CONVERSATION} of them belong to one conversation (1000000)
  --json         JSON alone, without the table`;

async function main() {
  const options = { statuses: { type: 'string', default: '1000000' }, json: { type: 'boolean' }, help: { type: 'boolean' } };
  const { values } = parseArgs({ options });
  if (values.help) return say(USAGE);
  const statuses = Number(values.statuses);
  if (!Number.isInteger(statuses) || statuses < 10_000) throw new Error('--statuses must be a whole number from 10000');
  const folder = mkdtempSync(join(tmpdir(), 'bench-conversations-'));
  try {
    const result = await measure(join(folder, 'gateway.db'), statuses);
    if (!values.json) say(tableOf(result));
    say(JSON.stringify(result));
    process.exitCode = result.passed ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(path, statuses) {
  const store = await openStore({ database: { kind: 'sqlite', path }, mode: 'live' });
  const clock = { now: () => END };
  // The observer asks the inbox for nothing here, and the service only when the last delivery came.
  const inbox = { on: () => undefined, lastReceivedAt: async () => END };
  const counted = new ConversationsStore();
  const settings = { of: () => ({ timeZone: 'America/Mexico_City', windowDays: DAYS }) };
  const observer = new ConversationObserver(inbox, counted, store, clock);
  const service = new ConversationsService(counted, inbox, store, settings, clock);
  const window = () => service.counts(NUMBER, END - 60 * DAY_MS);

  const costs = [];
  for (let at = 0; at < statuses; at += BATCH) {
    const began = performance.now();
    await store.write(
      async (tx) => {
        for (let index = at; index < Math.min(statuses, at + BATCH); index += 1) await observer.status(tx, statusOf(index, statuses));
      },
      [numberLock(NUMBER)],
    );
    costs.push(((performance.now() - began) * 1_000) / BATCH);
    await turn();
  }
  for (let index = 0; index < WARM_UP; index += 1) await window();
  const reads = [];
  for (let index = 0; index < READS; index += 1) {
    const began = performance.now();
    await window();
    reads.push(performance.now() - began);
    await turn();
  }
  const { conversations } = await window();
  await store.close();

  const tenth = Math.max(1, Math.floor(costs.length / 10));
  const [empty, full] = [costs.slice(0, tenth), costs.slice(-tenth)];
  const expected = Math.ceil(statuses / PER_CONVERSATION);
  const growth = quantile(full, 0.5) / quantile(empty, 0.5);
  const figures = {
    statuses,
    conversations: expected,
    counted: conversations.total,
    window_p50_ms: round(quantile(reads, 0.5)),
    window_p99_ms: round(quantile(reads, 0.99)),
    ingest_empty_us: round(quantile(empty, 0.5)),
    ingest_full_us: round(quantile(full, 0.5)),
    ingest_growth: round(growth),
    ingest_per_second: Math.round(1e6 / (costs.reduce((sum, cost) => sum + cost, 0) / costs.length)),
    database_mb: round(statSync(path).size / 1e6),
    rss_mb: Math.round(process.memoryUsage().rss / 1e6),
    cpus: cpus().length,
  };
  const passed = figures.window_p99_ms <= WINDOW_BAR_MS && growth <= GROWTH_BAR && conversations.total === expected;
  return { ...figures, passed };
}

/**
 * Status number `index` of a month. Conversations begin evenly over the month; the statuses of one come in a row, mixed with
 * the conversations beside it, as on a busy number.
 */
function statusOf(index, statuses) {
  const mixed = 50 * PER_CONVERSATION;
  const block = Math.floor(index / mixed);
  const conversation = block * 50 + (index % 50);
  const step = Math.floor((index % mixed) / 50);
  // The last block may be cut: then its conversations come one after the other, so that each is heard of.
  const last = (block + 1) * mixed > statuses;
  const number = last ? Math.floor(index / PER_CONVERSATION) : conversation;
  const at = END - (DAYS - 1) * DAY_MS + Math.floor((index / statuses) * (DAYS - 1) * DAY_MS);
  return {
    phoneNumberId: NUMBER,
    at,
    receivedAt: at,
    element: {},
    fact: {
      kind: 'message.status',
      messageId: `wamid.${index}`,
      status: STATUSES[step % STATUSES.length],
      contact: {
        waId: `5215${String(number % 10_000_000).padStart(9, '0')}`,
        userId: null,
        parentUserId: null,
        username: null,
        name: null,
      },
      errors: [],
      conversation: { id: `conversation-${number}`, originType: number % 3 === 0 ? 'service' : 'marketing', expiresAt: null },
      pricing: { category: number % 3 === 0 ? 'service' : 'marketing', billable: true, type: 'regular', model: 'CBP' },
    },
  };
}

const quantile = (values, at) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))];
};
/** Statements on SQLite wait for nothing, so without this the loop of events would never turn, and nothing be cleared away. */
const turn = () => new Promise(setImmediate);

const round = (value) => Math.round(value * 100) / 100;

const tableOf = (result) =>
  [
    ['statuses', result.statuses],
    ['conversations (counted)', `${result.conversations} (${result.counted})`],
    ['window, p50', `${result.window_p50_ms} ms`],
    ['window, p99', `${result.window_p99_ms} ms, bar ${WINDOW_BAR_MS} ms`],
    ['status into empty tables, p50', `${result.ingest_empty_us} µs`],
    ['status into full tables, p50', `${result.ingest_full_us} µs`],
    ['growth', `× ${result.ingest_growth}, bar × ${GROWTH_BAR}`],
    ['statuses per second', result.ingest_per_second],
    ['database', `${result.database_mb} MB`],
    ['memory of the process', `${result.rss_mb} MB`],
    ['verdict', result.passed ? 'passed' : 'failed'],
  ]
    .map(([name, value]) => `${name.padEnd(32)}${value}`)
    .join('\n');

const say = (line) => void process.stdout.write(`${line}\n`);

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
});
