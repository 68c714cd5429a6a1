import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '#kernel/problem.js';

/** Pages of the API that a person opens from a link, in a mail for example. */
const PAGES = '/api/compliance/reports/';

const led = new WeakSet<FastifyRequest['raw']>();

/** Whether a request without a good credential was led to the sign-in; it counts as a failure like any other. */
export const isLedToSignIn = ({ raw }: FastifyRequest): boolean => led.has(raw);

/**
 * Whether a refusal goes to an operator who has opened a page signed out: a browser that navigates to it, and shows no key. The cookie of a session is not
 * sent along with a link of another site, so this is also how an operator who is signed in arrives.
 */
function isPageOpened({ method, url, headers }: FastifyRequest): boolean {
  const { accept = '', authorization } = headers;
  const mode = headers['sec-fetch-mode'];
  return (
    method === 'GET' &&
    url.startsWith(PAGES) &&
    authorization === undefined &&
    (mode === undefined || mode === 'navigate') &&
    /^text\/html\b/.test(accept)
  );
}

/** Leads a person who opened a page signed out to the sign-in, which leads back. @returns whether the request is answered by that */
export function leadToSignIn({ code }: Problem, request: FastifyRequest, reply: FastifyReply): boolean {
  const isStranger = code === 'unauthenticated' || code === 'origin_not_allowed';
  if (!isStranger || !isPageOpened(request)) return false;
  led.add(request.raw);
  void reply
    .removeHeader('WWW-Authenticate')
    .header('Vary', 'Accept, Authorization, Cookie')
    .header('Cache-Control', 'no-store')
    .redirect(`/console?return=${encodeURIComponent(request.url)}`, 303);
  return true;
}
