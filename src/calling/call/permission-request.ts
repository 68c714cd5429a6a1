import { type Call, fact, requestFact } from './call.js';

/** How far the permission request of a call has come; null without a request, `unknown` without a message id. */
export function requestStatus({ facts }: Call): 'unknown' | 'sent' | 'delivered' | 'read' | 'failed' | null {
  const asked = fact(facts, 'asked');
  if (!asked) return null;
  if (requestFact(facts, 'request.failed')) return 'failed';
  if (requestFact(facts, 'request.read')) return 'read';
  if (requestFact(facts, 'request.delivered')) return 'delivered';
  return asked.messageId === null ? 'unknown' : 'sent';
}

/** When the permission was requested; null unless 360dialog returned a message id. */
export const requestedAt = ({ facts }: Call): number | null => {
  const asked = fact(facts, 'asked');
  return asked?.messageId ? asked.at : null;
};
