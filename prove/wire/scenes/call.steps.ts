import { evidenceOf, type RawUpstream, wasTaken } from '#cli/webhook/raw-upstream.js';
import { readPermissionAnswer } from '#dialog360/permission-reading.js';
import type { JsonRecord } from '#kernel/read.js';
import type { AssumptionId } from '../claims.ts';
import { type AssumptionFinding, allUndecided, judged, undecided } from '../finding.ts';
import { codeOf, isBeside } from '../refusal.ts';
import type { StepContext, VerificationStep } from '../step.ts';
import { NotCalled, TestCaller } from './caller.ts';
import { ofAnswered, ofCanceled, ofDeclined, ofUnanswered } from './endings.ts';
import { EVERY_CALL, ofEveryCall } from './every-call.ts';
import type { Trace } from './trace.ts';

type PersonContext = StepContext & { to: string };

/** One call: how long it goes on, and what its end shows. */
interface Scene {
  name: 'declined' | 'answered' | 'unanswered' | 'canceled';
  ids: readonly AssumptionId[];
  /** The condition to wait for, and its timeout in seconds. */
  wait: { seconds: number; until: (call: JsonRecord) => boolean };
  /** How long it goes on after that, in seconds, before the gateway hangs up. */
  talkSeconds: number;
  derive: (trace: Trace) => AssumptionFinding[];
}

const over = ({ state }: JsonRecord): boolean => state === 'ended';
const answered = (call: JsonRecord): boolean => call.state === 'in_progress' || over(call);
const rings = (call: JsonRecord): boolean => call.state === 'ringing' || answered(call);

const SCENES: readonly Scene[] = [
  { name: 'declined', ids: ['W17'], wait: { seconds: 90, until: answered }, talkSeconds: 0, derive: ofDeclined },
  { name: 'answered', ids: ['W08', 'W19'], wait: { seconds: 90, until: answered }, talkSeconds: 5, derive: ofAnswered },
  { name: 'unanswered', ids: ['W11', 'W16'], wait: { seconds: 180, until: answered }, talkSeconds: 0, derive: ofUnanswered },
  { name: 'canceled', ids: ['W18'], wait: { seconds: 60, until: rings }, talkSeconds: 0, derive: ofCanceled },
];

/** The calls, in an order in which no more than two in a row stay unanswered. */
export const callSteps: readonly VerificationStep[] = SCENES.map((scene): VerificationStep => {
  const ids: AssumptionId[] = [...scene.ids, ...EVERY_CALL, 'W20', 'W38'];
  return {
    name: scene.name,
    ids,
    needs: 'person',
    async run(context) {
      const { to } = context;
      if (to === null) return allUndecided(ids, 'needs_person');
      try {
        return await play(scene, { ...context, to });
      } catch (error) {
        if (error instanceof NotCalled) return allUndecided(ids, 'refused', error.message);
        throw error;
      }
    },
  };
});

async function play(scene: Scene, context: PersonContext): Promise<AssumptionFinding[]> {
  const before = await requestsUsed(context);
  const trace = await ring(scene, new TestCaller(context));
  const reset = ofReset(trace, before, await requestsUsed(context));
  return [...scene.derive(trace), ...ofEveryCall(trace, context.to), await endedTwice(context.upstream, trace, context), reset];
}

/** Hangs up in any case. */
async function ring({ wait, talkSeconds }: Scene, caller: TestCaller): Promise<Trace> {
  let call = await caller.dial();
  try {
    call = await caller.until(call, wait.seconds, wait.until);
    if (call.state === 'in_progress') call = await caller.until(call, talkSeconds, over);
  } finally {
    await caller.hangUp(call);
  }
  return caller.trace(call);
}

/** The same terminate again, once the call is over. */
async function endedTwice(
  upstream: RawUpstream | null,
  { wacid, state }: Trace,
  { surroundings: { clock } }: StepContext,
): Promise<AssumptionFinding> {
  if (!upstream) return undecided('W20', 'no_key_here');
  if (wacid === null || state !== 'ended') return undecided('W20', 'lost');
  const answer = await upstream.post('/calling/calls', { messaging_product: 'whatsapp', action: 'terminate', call_id: wacid });
  if (isBeside(answer)) return undecided('W20', 'refused', evidenceOf(answer));
  const understood = wasTaken(answer) ? answer.body.success === true : codeOf(answer, 'terminate', clock.now()) === 'call_ended';
  return judged('W20', understood, evidenceOf(answer));
}

/** How many permission requests Meta counts in its shortest period; null when it does not say. */
async function requestsUsed({ upstream, to }: PersonContext): Promise<number | null> {
  if (!upstream) return null;
  const answer = await upstream.get(`/calling/permissions/${encodeURIComponent(to)}`);
  const reading = wasTaken(answer) ? readPermissionAnswer(answer.body) : undefined;
  return reading?.ask?.limits.find(({ period }) => period === 'PT24H')?.used ?? null;
}

function ofReset({ outcome }: Trace, before: number | null, after: number | null): AssumptionFinding {
  if (outcome !== 'answered') return undecided('W38', 'otherwise');
  if (before === null || after === null || before === 0) return undecided('W38', 'nothing_to_compare', `requests counted=${before ?? '?'}`);
  return judged('W38', after === 0, `requests counted before=${before} after=${after}`);
}
