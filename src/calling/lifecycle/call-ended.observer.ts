import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CallsService } from '#calling/call/calls.service.js';
import type { CallSnapshot } from '#calling/call/publish.js';
import type { CallOutcomeFact } from '#calling/permissions/ledger.js';
import { PermissionsService } from '#calling/permissions/permissions.service.js';
import { Metrics } from '#telemetry/metrics.js';

/** Counts calls that ended, and tells the permission ledger: Meta counts those that were connected, and ours that were not. */
@Injectable()
export class CallEndedObserver implements OnModuleInit {
  constructor(
    private readonly calls: CallsService,
    private readonly permissions: PermissionsService,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.calls.onEnded(async (tx, ended, thought) => {
      const { call, derived } = ended;
      if (thought === null && derived.outcome) this.metrics.ended.inc({ direction: call.direction, outcome: derived.outcome });
      const counted = countOf(ended);
      if (counted) await this.permissions.callEnded(tx, ended.call, counted);
    });
  }
}

/** How Meta counts an ended call; null for one that 360dialog never took. */
export function countOf({ call, derived }: CallSnapshot): CallOutcomeFact | null {
  const { outcome, answeredAt, endedAt, ringingAt } = derived;
  if (call.wacid === null || outcome === null || endedAt === null) return null;
  const { wacid: ref, direction, sequence: revision } = call;
  // Whether a call that we cancel while it rings counts is nowhere stated: assumed so.
  const refused = outcome === 'no_answer' || outcome === 'rejected' || (outcome === 'canceled' && ringingAt !== null);
  const kind = outcome === 'answered' ? 'connected' : refused && direction === 'outbound' ? 'unanswered' : 'uncounted';
  return { kind, at: (kind === 'connected' ? answeredAt : null) ?? endedAt, ref, direction, outcome, revision };
}
