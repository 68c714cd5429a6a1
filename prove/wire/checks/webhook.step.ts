import { evidenceOf, type RawUpstream, wasTaken } from '#cli/webhook/raw-upstream.js';
import { bool, type JsonRecord, record, text } from '#kernel/read.js';
import type { AssumptionId } from '../claims.ts';
import { type AssumptionFinding, judged, undecided } from '../finding.ts';
import type { VerificationStep } from '../step.ts';

export const webhookStep: VerificationStep = {
  name: 'webhook',
  ids: ['W48', 'W49', 'W50', 'W51'],
  needs: 'nothing',
  async run({ upstream, gateway }) {
    const status = await gateway.get('/api/calling/status');
    const webhook = record(status.body.webhook) ?? {};
    return [
      await registration(upstream),
      // A delivery is kept only when it carried the registered token.
      seen('W49', text(webhook.last_delivery_at)),
      seen('W50', text(webhook.last_call_event_at)),
      signature(record(webhook.signature)),
    ];
  },
};

const seen = (id: AssumptionId, at: string | undefined): AssumptionFinding =>
  at === undefined ? undecided(id, 'not_seen_yet') : judged(id, true, `last_at=${at}`);

const signature = (seen: JsonRecord | undefined): AssumptionFinding =>
  bool(seen?.header_seen) === true ? judged('W51', true, `mode=${text(seen?.mode) ?? '?'}`) : undecided('W51', 'not_seen_yet');

async function registration(upstream: RawUpstream | null): Promise<AssumptionFinding> {
  if (!upstream) return undecided('W48', 'no_key_here');
  const answer = await upstream.get('/v1/configs/webhook');
  if (!wasTaken(answer)) return undecided('W48', 'refused', evidenceOf(answer));
  const { url, headers } = answer.body;
  const names = Object.keys(record(headers) ?? {});
  const host = typeof url === 'string' && URL.canParse(url) ? new URL(url).host : 'none';
  return judged(
    'W48',
    typeof url === 'string' && (headers === undefined || headers === null || record(headers) !== undefined),
    `host=${host}`,
    `header_names=${names.join(',')}`,
  );
}
