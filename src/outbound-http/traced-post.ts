import { callOf, causeOf, traced, traceHeaders } from '#telemetry/traces.js';
import { type AttemptResult, succeeded } from './retry.js';

/** The parts of an event that a span may show. */
interface TracedEvent {
  type: string;
  subject: string;
  sequence: number;
}

/**
 * Makes one attempt as one span, which continues the trace that wrote the event. While traces are on, the endpoint gets a
 * `traceparent` and can continue the trace. The span does not show the URL, which may hold a token.
 * @param post makes the attempt with these additional headers
 */
export const tracedPost = (
  { type, subject, sequence }: TracedEvent,
  subscriptionId: string,
  post: (headers: Readonly<Record<string, string>>) => Promise<AttemptResult>,
): Promise<AttemptResult> => {
  const attributes = { 'wac.event_type': type, 'wac.subscription_id': subscriptionId, ...callOf(subject) };
  return traced(`deliver ${type}`, { kind: 'producer', attributes, cause: causeOf({ subject, sequence }) }, async (span) => {
    const result = await post(traceHeaders());
    if (result.status !== null) span.set('http.response.status_code', result.status);
    if (!succeeded(result)) span.fail();
    return result;
  });
};
