import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type CallOutcome, UNKNOWN_PERSON } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import type { CallSnapshot } from '#calling/call/derive.js';
import type { CallOutcomeFact } from '#calling/permissions/ledger.js';
import { PermissionsService } from '#calling/permissions/permissions.service.js';
import { Metrics } from '#telemetry/metrics.js';

/** Counts ended calls in the metrics and records them in the permission ledger, as Meta counts them. */
@Injectable()
export class CallEndedObserver implements OnModuleInit {
  constructor(
    private readonly calls: CallsService,
    private readonly permissions: PermissionsService,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.calls.onEnded(async (tx, ended, former) => {
      const { call, derived } = ended;
      if (former === null && derived.outcome) this.metrics.ended.inc({ direction: call.direction, outcome: derived.outcome });
      const counted = ended.call.personId === UNKNOWN_PERSON ? null : countOf(ended);
      if (counted && mayBeNoted(counted, former)) await this.permissions.callEnded(tx, ended.call, counted);
    });
  }
}

/** How Meta counts an ended call; null for a call that 360dialog never took. */
export function countOf(ended: CallSnapshot): CallOutcomeFact | null {
  const { call, derived } = ended;
  const { outcome, answeredAt, endedAt } = derived;
  if (call.wacid === null || outcome === null || endedAt === null) return null;
  const { wacid: ref, direction, sequence: revision } = call;
  const kind = kindOf(ended);
  return { kind, at: (kind === 'connected' ? answeredAt : null) ?? endedAt, ref, direction, outcome, revision };
}

/** Nothing has been counted of an inbound call that ends for the first time, so that it is not counted needs no look at the ledger. */
const mayBeNoted = ({ kind, direction }: CallOutcomeFact, former: CallOutcome | null): boolean =>
  kind !== 'uncounted' || direction !== 'inbound' || former !== null;

/** Meta does not document whether a call that we cancel while it rings counts: assumed that it does. */
function kindOf({ call, derived: { outcome, ringingAt } }: CallSnapshot): CallOutcomeFact['kind'] {
  if (outcome === 'answered') return 'connected';
  const unanswered = outcome === 'no_answer' || outcome === 'rejected' || (outcome === 'canceled' && ringingAt !== null);
  return unanswered && call.direction === 'outbound' ? 'unanswered' : 'uncounted';
}
