import type { Step } from '#cli/wire/bench.js';
import type { AssumptionId } from '#cli/wire/claims.js';
import { type Finding, judged, untold } from '#cli/wire/finding.js';
import { evidenceOf, type RawWire, wasTaken } from '#cli/wire/raw-wire.js';
import { record, text } from '#kernel/read.js';

export const webhookStep: Step = {
  name: 'webhook',
  ids: ['W48', 'W49', 'W50', 'W51'],
  needs: 'nothing',
  async run({ wire, gateway }) {
    const status = await gateway.get('/api/calling/status');
    const webhook = record(status.body.webhook) ?? {};
    return [
      await registration(wire),
      // A delivery is kept only when it carried the registered token.
      seen('W49', text(webhook.last_delivery_at)),
      seen('W50', text(webhook.last_call_event_at)),
      untold('W51', 'not_kept'),
    ];
  },
};

const seen = (id: AssumptionId, at: string | undefined): Finding =>
  at === undefined ? untold(id, 'not_seen_yet') : judged(id, true, `last_at=${at}`);

async function registration(wire: RawWire | null): Promise<Finding> {
  if (!wire) return untold('W48', 'no_key_here');
  const answer = await wire.get('/v1/configs/webhook');
  if (!wasTaken(answer)) return untold('W48', 'refused', evidenceOf(answer));
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
