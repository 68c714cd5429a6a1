import type { CallError, Fact } from '#calling/call/call.js';
import type { CallFact, WireError } from '#dialog360/fact.js';
import { entryOfUpstream } from '#error-catalogue/lookup.js';

/** What a webhook about a call says, in the call's own terms; nothing for what does not move it. */
export function toFacts(told: CallFact, at: number): Fact[] {
  switch (told.kind) {
    case 'call.connect':
      return [{ kind: 'connected', at, session: told.session, ctaPayload: told.ctaPayload, deeplinkPayload: told.deeplinkPayload }];
    case 'call.status':
      return [{ kind: ({ RINGING: 'ringing', ACCEPTED: 'accepted', REJECTED: 'rejected' } as const)[told.status], at }];
    case 'call.terminate': {
      const { startTime, endTime, durationSeconds } = told;
      const failed = told.status === 'FAILED' || told.errors.length > 0;
      return [{ kind: 'terminated', at, startTime, endTime, durationSeconds, failed, error: toCallError(told.errors[0]) }];
    }
    case 'call.note':
      return [];
  }
}

/** An entry of `errors[]` with the catalogue's word for it; Meta's own number stays visible. */
export function toCallError(error: WireError | undefined): CallError | null {
  if (!error) return null;
  const code = error.code === null ? undefined : entryOfUpstream(error.code)?.code;
  return {
    code: code ?? 'call_failed',
    upstream: { status: 200, code: error.code, message: error.message, details: error.details, fbtrace_id: null },
  };
}
