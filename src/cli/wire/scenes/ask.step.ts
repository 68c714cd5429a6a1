import type { Bench, Step } from '#cli/wire/bench.js';
import type { AssumptionId } from '#cli/wire/claims.js';
import { allUntold, type Finding, judged, untold } from '#cli/wire/finding.js';
import { evidenceOf, wasTaken } from '#cli/wire/raw-wire.js';
import { readPermissionAnswer } from '#dialog360/permission-reading.js';
import { DAY, HOUR } from '#kernel/clock.js';
import { type JsonRecord, record, records, text } from '#kernel/read.js';
import { Caller, NotCalled } from './caller.js';

const IDS = ['W34', 'W35', 'W36', 'W37'] as const satisfies AssumptionId[];
/** What only a message status can have told. */
const TOLD = new Set(['delivered', 'read', 'failed']);

/** Step one of a call: the request, its fate, the reply, and what a reading says right after it. */
export const askStep: Step = {
  name: 'ask',
  ids: IDS,
  needs: 'person',
  async run(bench) {
    const { to } = bench;
    if (to === null) return allUntold(IDS, 'needs_person');
    const caller = new Caller({ ...bench, to });
    try {
      const call = await caller.ask();
      const reading = await readNow(bench, to);
      await caller.hangUp(call);
      return conclude(call, await ledgerOf(bench, to), reading);
    } catch (error) {
      if (error instanceof NotCalled) return allUntold(IDS, 'refused', error.message);
      throw error;
    }
  },
};

function conclude(call: JsonRecord, history: JsonRecord[], reading: Finding): Finding[] {
  const request = record(call.permission_request);
  const messageId = text(request?.message_id);
  if (messageId === undefined) return allUntold(IDS, 'permission_held', `state=${text(call.state) ?? '?'}`);
  const status = text(request?.status) ?? '?';
  const seen = [`message_id=${messageId}`, `status=${status}`];
  const silent = call.state === 'awaiting_permission' || status === 'failed';
  // A phone that is off explains a silence that nobody has broken.
  const sent = silent && status === 'sent' ? untold('W34', 'no_reply', ...seen) : judged('W34', TOLD.has(status), ...seen);
  if (silent) return [sent, ...allUntold(IDS.slice(1), 'no_reply')];
  const reply = history.find(({ kind, context_id }) => kind === 'replied' && context_id === messageId);
  const other = history.find(({ kind }) => kind === 'replied');
  const named = reply
    ? judged('W35', true, `response=${text(reply.response) ?? '?'}`)
    : judged('W35', false, other ? 'a reply without this context' : 'no reply');
  return [sent, named, reply ? ofWeek(reply) : untold('W36', 'not_there'), call.state === 'ready' ? reading : untold('W37', 'otherwise')];
}

function ofWeek(reply: JsonRecord): Finding {
  if (reply.response !== 'accept') return untold('W36', 'otherwise');
  if (reply.permanent === true) return untold('W36', 'not_there', 'permanent');
  const [at, until] = [Date.parse(text(reply.at) ?? ''), Date.parse(text(reply.expires_at) ?? '')];
  if (Number.isNaN(until)) return judged('W36', false, 'no expiration_timestamp');
  return judged('W36', Math.abs(until - at - 7 * DAY) <= HOUR, `lasts ${((until - at) / DAY).toFixed(2)} days`);
}

async function readNow({ wire }: Bench, to: string): Promise<Finding> {
  if (!wire) return untold('W37', 'no_key_here');
  const answer = await wire.get(`/calling/permissions/${encodeURIComponent(to)}`);
  const reading = wasTaken(answer) ? readPermissionAnswer(answer.body) : undefined;
  if (!reading) return untold('W37', 'refused', evidenceOf(answer));
  return judged('W37', reading.call?.canPerform === true, `status=${reading.status}`, `start_call=${reading.call?.canPerform ?? 'absent'}`);
}

async function ledgerOf({ gateway }: Bench, to: string): Promise<JsonRecord[]> {
  const { body } = await gateway.get(`/api/calling/permissions/${encodeURIComponent(to)}`);
  return records(body.history);
}
