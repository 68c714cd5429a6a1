import { randomBytes } from 'node:crypto';
import { evidenceOf, type RawAnswer, requestRaw, wasTaken } from '#cli/webhook/raw-upstream.js';
import type { AssumptionId } from '../claims.ts';
import { type AssumptionFinding, allUndecided, judged, undecided } from '../finding.ts';
import { codeOf, isBeside } from '../refusal.ts';
import type { VerificationStep } from '../step.ts';

const IDS = ['W01', 'W02', 'W03', 'W75', 'W76', 'W84'] as const satisfies AssumptionId[];
const CALLS = '/calling/calls';
/** Meta's refusal of whoever is not the Call primary of the number. */
const NOT_CALL_PRIMARY = 138_038;

/** Refusals without a call: none of these requests has a recipient, and the call they name does not exist. */
export const errorsStep: VerificationStep = {
  name: 'errors',
  ids: IDS,
  needs: 'upstream',
  async run({ upstream, surroundings: { clock } }) {
    if (!upstream) return allUndecided(IDS, 'no_key_here');
    const call_id = `wacid.${randomBytes(18).toString('base64')}`;
    const whole = await upstream.post(CALLS, { messaging_product: 'whatsapp', action: 'terminate', call_id });
    const bare = await upstream.post(CALLS, { action: 'terminate', call_id });
    const invented = await upstream.post(CALLS, { messaging_product: 'whatsapp', action: 'request_permission' });
    const keyless = await requestRaw('GET', `${upstream.baseUrl}/calling/settings`, {});
    const key = judged('W75', codeOf(keyless, 'read_settings', clock.now()) === 'upstream_key_rejected', evidenceOf(keyless));
    return [...ofUnknownCall(whole, bare, clock.now()), ofInvented(invented), key];
  },
};

function ofUnknownCall(whole: RawAnswer, bare: RawAnswer, now: number): AssumptionFinding[] {
  if (isBeside(whole)) return allUndecided(['W01', 'W02', 'W76', 'W84'], 'refused', evidenceOf(whole));
  const { code, fbtrace_id } = whole.upstream;
  // Meta may judge the call id before the routing: a refusal of the id alone proves nothing about 138038.
  const routed = code === NOT_CALL_PRIMARY ? judged('W84', false, evidenceOf(whole)) : undecided('W84', 'not_seen_yet', evidenceOf(whole));
  return [
    routed,
    ofProduct(whole, bare),
    judged('W02', !wasTaken(whole) && codeOf(whole, 'terminate', now) === 'call_ended', evidenceOf(whole)),
    judged('W76', code !== null && fbtrace_id !== null, evidenceOf(whole), `fbtrace_id=${fbtrace_id ?? 'absent'}`),
  ];
}

const ofInvented = (answer: RawAnswer): AssumptionFinding =>
  isBeside(answer) ? undecided('W03', 'refused', evidenceOf(answer)) : judged('W03', !wasTaken(answer), evidenceOf(answer));

const speaksOfIt = ({ upstream: { message, details } }: RawAnswer): boolean =>
  /messaging_product/i.test(`${message ?? ''} ${details ?? ''}`);

const ofProduct = (whole: RawAnswer, bare: RawAnswer): AssumptionFinding =>
  judged('W01', !speaksOfIt(whole), `required=${speaksOfIt(bare) ? 'yes' : 'not shown'}`, `without it: ${evidenceOf(bare)}`);
