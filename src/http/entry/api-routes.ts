import type { FastifyRequest } from 'fastify';

/** Where a browser shows a key for a session. */
export const SIGN_IN_PATH = '/api/session';

/** Whether a request has reached a route of the API. */
export const isApiRoute = ({ is404, routeOptions }: Pick<FastifyRequest, 'is404' | 'routeOptions'>): boolean =>
  !is404 && (routeOptions.url?.startsWith('/api/') ?? false);

/** Whether a route is that of a link in a mail, which browsers and mail programs post to without JSON. */
export const isMailLinkRoute = (url: string | undefined): boolean => url?.startsWith('/api/report-links/') ?? false;
