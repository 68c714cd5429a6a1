import { type Call, EMPTY_CONTROL, type Fact, type Facts, fact, keyOf } from '#calling/call/call.js';

/** Stands where an id of Meta's stood: that there was one still counts. */
const GONE = 'erased';

/**
 * What stands in a call's row beside the columns, with its times, ends and codes and without anybody: no ids of Meta's, which
 * hold the number, no SDP, no words of the user, of the caller or of upstream. The call counts in reports as before.
 */
export const anonymousKnowledge = ({ facts, giveUpAfterMs }: Pick<Call, 'facts' | 'giveUpAfterMs'>): string =>
  JSON.stringify({ facts: anonymousFacts(facts), hold: EMPTY_CONTROL, giveUpAfterMs });

export function anonymousFacts(facts: Facts): Facts {
  const request = fact(facts, 'asked')?.messageId;
  const kept = Object.values(facts).filter(({ kind }) => kind !== 'cta' && kind !== 'deeplink');
  const own = kept.filter((one) => one.kind === 'asked' || !('messageId' in one) || one.messageId === request);
  return Object.fromEntries(own.map(anonymous).map((one) => [keyOf(one), one]));
}

function anonymous(one: Fact): Fact {
  switch (one.kind) {
    case 'asked':
      return { ...one, messageId: one.messageId === null ? null : GONE };
    case 'request.delivered':
    case 'request.read':
      return { ...one, messageId: GONE };
    case 'request.failed':
      return { ...one, messageId: GONE, error: withoutWords(one.error) };
    case 'request.refused':
    case 'dial.refused':
      return { ...one, error: withoutWords(one.error) };
    case 'terminated':
      return { ...one, error: one.error && withoutWords(one.error) };
    case 'dial.accepted':
      return { ...one, wacid: GONE };
    case 'connected':
      return { ...one, session: null, ctaPayload: null, deeplinkPayload: null };
    default:
      return one;
  }
}

const withoutWords = ({ code }: { code: string }) => ({ code, upstream: null });
