import { callOf, causeOf, traced, traceHeaders } from '#telemetry/traces.js';
import { type Attempt, succeeded } from './retry.js';

/** What a span may say of an event. */
interface Subject {
  type: string;
  subject: string;
  sequence: number;
}

/**
 * One attempt as one span, which goes on with the trace of whatever wrote the event. While traces are on, the endpoint gets its
 * `traceparent`, so that a trace can go on there; the URL, which may hold a token, is not told.
 * @param post makes the attempt, with these headers besides
 */
export const tracedPost = (
  { type, subject, sequence }: Subject,
  subscriptionId: string,
  post: (headers: Readonly<Record<string, string>>) => Promise<Attempt>,
): Promise<Attempt> => {
  const attributes = { 'wac.event_type': type, 'wac.subscription_id': subscriptionId, ...callOf(subject) };
  return traced(`deliver ${type}`, { kind: 'producer', attributes, cause: causeOf({ subject, sequence }) }, async (span) => {
    const attempt = await post(traceHeaders());
    if (attempt.status !== null) span.set('http.response.status_code', attempt.status);
    if (!succeeded(attempt)) span.fail();
    return attempt;
  });
};
