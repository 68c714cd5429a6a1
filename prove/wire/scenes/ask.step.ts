import { evidenceOf, wasTaken } from '#cli/webhook/raw-upstream.js';
import { readPermissionAnswer } from '#dialog360/permission-reading.js';
import { DAY, HOUR } from '#kernel/clock.js';
import { type JsonRecord, record, records, text } from '#kernel/read.js';
import type { AssumptionId } from '../claims.ts';
import { type AssumptionFinding, allUndecided, judged, undecided } from '../finding.ts';
import type { StepContext, VerificationStep } from '../step.ts';
import { NotCalled, TestCaller } from './caller.ts';

const IDS = ['W34', 'W35', 'W36', 'W37'] as const satisfies AssumptionId[];
/** Statuses that only a message-status webhook can report. */
const DELIVERED_STATUSES = new Set(['delivered', 'read', 'failed']);

/** Step one of a call: the request, its fate, the reply, and what a reading says right after it. */
export const askStep: VerificationStep = {
  name: 'ask',
  ids: IDS,
  needs: 'person',
  async run(context) {
    const { to } = context;
    if (to === null) return allUndecided(IDS, 'needs_person');
    const caller = new TestCaller({ ...context, to });
    try {
      const call = await caller.ask();
      const reading = await readNow(context, to);
      await caller.hangUp(call);
      return derive(call, await ledgerOf(context, to), reading);
    } catch (error) {
      if (error instanceof NotCalled) return allUndecided(IDS, 'refused', error.message);
      throw error;
    }
  },
};

function derive(call: JsonRecord, history: JsonRecord[], reading: AssumptionFinding): AssumptionFinding[] {
  const request = record(call.permission_request);
  const messageId = text(request?.message_id);
  if (messageId === undefined) return allUndecided(IDS, 'permission_held', `state=${text(call.state) ?? '?'}`);
  const status = text(request?.status) ?? '?';
  const seen = [`message_id=${messageId}`, `status=${status}`];
  const silent = call.state === 'awaiting_permission' || status === 'failed';
  // A phone that is off explains a request that stays `sent`.
  const sent = silent && status === 'sent' ? undecided('W34', 'no_reply', ...seen) : judged('W34', DELIVERED_STATUSES.has(status), ...seen);
  if (silent) return [sent, ...allUndecided(IDS.slice(1), 'no_reply')];
  const reply = history.find(({ kind, context_id }) => kind === 'replied' && context_id === messageId);
  const other = history.find(({ kind }) => kind === 'replied');
  const named = reply
    ? judged('W35', true, `response=${text(reply.response) ?? '?'}`)
    : judged('W35', false, other ? 'a reply without this context' : 'no reply');
  return [
    sent,
    named,
    reply ? ofWeek(reply) : undecided('W36', 'not_there'),
    call.state === 'ready' ? reading : undecided('W37', 'otherwise'),
  ];
}

function ofWeek(reply: JsonRecord): AssumptionFinding {
  if (reply.response !== 'accept') return undecided('W36', 'otherwise');
  if (reply.permanent === true) return undecided('W36', 'not_there', 'permanent');
  const [at, until] = [Date.parse(text(reply.at) ?? ''), Date.parse(text(reply.expires_at) ?? '')];
  if (Number.isNaN(until)) return judged('W36', false, 'no expiration_timestamp');
  return judged('W36', Math.abs(until - at - 7 * DAY) <= HOUR, `lasts ${((until - at) / DAY).toFixed(2)} days`);
}

async function readNow({ upstream }: StepContext, to: string): Promise<AssumptionFinding> {
  if (!upstream) return undecided('W37', 'no_key_here');
  const answer = await upstream.get(`/calling/permissions/${encodeURIComponent(to)}`);
  const reading = wasTaken(answer) ? readPermissionAnswer(answer.body) : undefined;
  if (!reading) return undecided('W37', 'refused', evidenceOf(answer));
  return judged('W37', reading.call?.canPerform === true, `status=${reading.status}`, `start_call=${reading.call?.canPerform ?? 'absent'}`);
}

async function ledgerOf({ gateway }: StepContext, to: string): Promise<JsonRecord[]> {
  const { body } = await gateway.get(`/api/calling/permissions/${encodeURIComponent(to)}`);
  return records(body.history);
}
