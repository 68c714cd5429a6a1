import type { CallError, Fact } from '#calling/call/call.js';
import type { CallFact, WireError } from '#dialog360/fact.js';
import { entryOfUpstream } from '#error-catalogue/lookup.js';

/** The facts of a webhook about a call; of one that does not change its state, what it tells beside. */
export function toFacts(reported: CallFact, at: number): Fact[] {
  const { direction, ctaPayload, deeplinkPayload } = reported;
  const rank = ({ 'call.connect': 3, 'call.status': 2, 'call.terminate': 1, 'call.note': 1 } as const)[reported.kind];
  return [
    ...stateFacts(reported, at),
    ...(direction === null ? [] : [{ kind: 'direction' as const, at, direction, rank }]),
    ...(ctaPayload ? [{ kind: 'cta' as const, at, payload: ctaPayload }] : []),
    ...(deeplinkPayload ? [{ kind: 'deeplink' as const, at, payload: deeplinkPayload }] : []),
  ];
}

function stateFacts(reported: CallFact, at: number): Fact[] {
  switch (reported.kind) {
    case 'call.connect':
      return [{ kind: 'connected', at, session: reported.session }];
    case 'call.status':
      return [{ kind: ({ RINGING: 'ringing', ACCEPTED: 'accepted', REJECTED: 'rejected' } as const)[reported.status], at }];
    case 'call.terminate': {
      const { startTime, endTime, durationSeconds } = reported;
      const failed = reported.status === 'FAILED' || reported.errors.length > 0;
      return [{ kind: 'terminated', at, startTime, endTime, durationSeconds, failed, error: toCallError(reported.errors[0]) }];
    }
    case 'call.note':
      return [];
  }
}

/** An entry of `errors[]` with its error code of the catalogue; Meta's own number stays visible. */
export function toCallError(error: WireError | undefined): CallError | null {
  if (!error) return null;
  const code = error.code === null ? undefined : entryOfUpstream(error.code)?.code;
  return {
    code: code ?? 'call_failed',
    upstream: { status: 200, code: error.code, message: error.message, details: error.details, fbtrace_id: null },
  };
}
