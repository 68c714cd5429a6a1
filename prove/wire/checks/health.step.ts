import { evidenceOf, type RawAnswer, wasTaken } from '#cli/webhook/raw-upstream.js';
import { type Health, readHealthAnswer } from '#dialog360/number-reading.js';
import { text } from '#kernel/read.js';
import type { AssumptionId } from '../claims.ts';
import { type AssumptionFinding, allUndecided, judged, undecided } from '../finding.ts';
import type { VerificationStep } from '../step.ts';

const IDS = ['W63', 'W64', 'W69'] as const satisfies AssumptionId[];
const WORDS = new Set(['AVAILABLE', 'LIMITED', 'BLOCKED']);
const FIGURES = ['whatsapp_business_manager_messaging_limit', 'messaging_limit_tier', 'quality_rating'];

export const healthStep: VerificationStep = {
  name: 'health',
  ids: IDS,
  needs: 'upstream',
  async run({ upstream, gateway }) {
    if (!upstream) return allUndecided(IDS, 'no_key_here');
    const answer = await upstream.get('/health_status');
    const status = await gateway.get('/api/calling/status');
    const limit = await upstream.get(`/?fields=${FIGURES.join(',')}`);
    return [...ofHealth(answer, text(status.body.phone_number_id) ?? null), ofLimit(limit)];
  },
};

function ofHealth(answer: RawAnswer, ours: string | null): AssumptionFinding[] {
  if (!wasTaken(answer)) return allUndecided(['W63', 'W64'], 'refused', evidenceOf(answer));
  const health = readHealthAnswer(answer.body);
  if (!health) return [judged('W63', false, evidenceOf(answer)), undecided('W64', 'not_there')];
  const { phoneNumberId, entities } = health;
  const same = ours === null || phoneNumberId === ours;
  return [
    judged(
      'W63',
      phoneNumberId !== null && same,
      `entities=${entities.map(({ type }) => type).join(',')}`,
      same ? '' : 'another number than the gateway serves',
    ),
    ofSip(health),
  ];
}

function ofSip({ entities }: Health): AssumptionFinding {
  const reported = entities.flatMap(({ type, canReceiveCallSip }) => (canReceiveCallSip === null ? [] : [`${type}=${canReceiveCallSip}`]));
  if (reported.length === 0) return undecided('W64', 'not_there');
  return judged(
    'W64',
    entities.every(({ canReceiveCallSip: word }) => word === null || WORDS.has(word)),
    ...reported,
  );
}

/** A figure here would be good news: a source for the limit that needs no partner. */
function ofLimit(answer: RawAnswer): AssumptionFinding {
  const reported = FIGURES.flatMap((name) => (text(answer.body[name]) === undefined ? [] : [`${name}=${text(answer.body[name])}`]));
  return judged('W69', reported.length === 0, ...(reported.length > 0 ? reported : [evidenceOf(answer)]));
}
