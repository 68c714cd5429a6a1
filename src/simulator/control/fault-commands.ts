import { type JsonRecord, record } from '#kernel/read.js';
import type { SimulatedLine } from '#simulator/line.js';
import { isRefusalCode } from '#simulator/meta/refusals.js';
import { WEBHOOK_EFFECTS, WEBHOOK_KINDS } from '#simulator/webhooks/change.js';
import { type CannedReply, OPERATIONS, readReply, refusalReply } from '#simulator/wire/faults.js';
import { sure } from './control-error.js';
import { nextView, snakeCased, webhookFaultView } from './views.js';

const LONGEST_DELAY_MS = 120_000;

/**
 * `POST /faults`. With `operation` it strikes requests: `delay_ms`, then `code` or `reply` or `before: "drop"` instead of
 * acting, or acting, `answer_delay_ms` and `afterwards: "hang" | "drop" | { status … }`. With `webhook` it strikes deliveries: `effect`.
 */
export function addFault(line: SimulatedLine, body: JsonRecord): JsonRecord {
  const user = readUser(line, body.user);
  const times = body.times === undefined ? 1 : body.times;
  sure(
    times === null || (typeof times === 'number' && Number.isInteger(times) && times > 0),
    'times must be a whole number, or null for always',
  );
  const often = times === null ? 'always, until DELETE /faults' : `${times} time${times === 1 ? '' : 's'}`;
  if (body.webhook !== undefined) return addWebhookFault(line, body, user, times, often);
  const operation = (['*', ...OPERATIONS] as const).find((known) => known === body.operation);
  sure(operation, `operation must be one of *, ${OPERATIONS.join(', ')}; or give webhook instead`);
  const delayMs = readDelay(body, 'delay_ms');
  const answerDelayMs = readDelay(body, 'answer_delay_ms');
  const instead = readInstead(body);
  const afterwards = readAfterwards(body.afterwards);
  sure(instead === null || afterwards === null, 'give afterwards, or one of code, reply and before');
  sure(
    instead !== null || afterwards !== null || delayMs + answerDelayMs > 0,
    'the fault does nothing: give delay_ms, answer_delay_ms, code, reply, before or afterwards',
  );
  const fault = line.requestFaults.add({ operation, user, times, delayMs, answerDelayMs, instead, afterwards });
  return {
    done: `the next ${operation} requests${user ? ` about ${user}` : ''} are struck, ${often}`,
    fault: snakeCased(fault),
    next: nextView(line),
  };
}

function addWebhookFault(line: SimulatedLine, body: JsonRecord, user: string | null, times: number | null, often: string): JsonRecord {
  const webhook = (['*', ...WEBHOOK_KINDS] as const).find((known) => known === body.webhook);
  sure(webhook, `webhook must be one of *, ${WEBHOOK_KINDS.join(', ')}`);
  const effect = WEBHOOK_EFFECTS.find((known) => known === body.effect);
  sure(effect, `effect must be one of ${WEBHOOK_EFFECTS.join(', ')}`);
  const delaySeconds = body.delay_seconds ?? 10;
  sure(typeof delaySeconds === 'number' && delaySeconds >= 0, 'delay_seconds must be a number');
  const fault = line.webhookFaults.add({ webhook, effect, user, times, delaySeconds });
  return {
    done: `the next ${webhook} webhooks${user ? ` about ${user}` : ''} suffer ${effect}, ${often}`,
    fault: webhookFaultView(fault),
    next: nextView(line),
  };
}

function readUser({ context }: SimulatedLine, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const user = typeof value === 'string' ? context.users.meet(value) : undefined;
  sure(user, 'user must be the handle of a simulated user, a phone number or a BSUID');
  return user.id;
}

function readDelay(body: JsonRecord, name: string): number {
  const ms = body[name] ?? 0;
  sure(typeof ms === 'number' && ms >= 0 && ms <= LONGEST_DELAY_MS, `${name} must be 0 to ${LONGEST_DELAY_MS}`);
  return ms;
}

function readAfterwards(value: unknown): 'hang' | 'drop' | CannedReply | null {
  if (value === undefined) return null;
  if (value === 'hang' || value === 'drop') return value;
  const reply = readReply(value);
  sure(reply, 'afterwards must be "hang", "drop" or a reply { status, body | text, headers }');
  return reply;
}

function readInstead(body: JsonRecord): 'drop' | CannedReply | null {
  const given = ['before', 'code', 'reply'].filter((name) => body[name] !== undefined);
  sure(given.length <= 1, 'give only one of before, code and reply');
  if (body.before !== undefined) {
    sure(body.before === 'drop', 'before must be "drop"');
    return 'drop';
  }
  if (body.code !== undefined) {
    sure(isRefusalCode(body.code), `code ${String(body.code)} is none that the simulator knows; give reply instead`);
    return refusalReply(body.code, typeof body.details === 'string' ? body.details : undefined);
  }
  if (body.reply === undefined) return null;
  const reply = record(body.reply) && readReply(body.reply);
  sure(reply, 'reply must be { status, body | text, headers }');
  return reply;
}
