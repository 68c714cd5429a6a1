import type { FastifyRequest } from 'fastify';

/** Where a browser shows a key for a session. */
export const SIGN_IN_PATH = '/api/session';

/** Whether a request has reached a route of the API, in either shape. */
export const isApiRoute = ({ is404, routeOptions }: Pick<FastifyRequest, 'is404' | 'routeOptions'>): boolean =>
  !is404 && /^\/(?:api|graph)\//.test(routeOptions.url ?? '');

/** Whether a request is meant for the Graph API: it has reached a route of it, or none, below its path. */
export const isGraphRequest = ({ is404, routeOptions, url }: Pick<FastifyRequest, 'is404' | 'routeOptions' | 'url'>): boolean =>
  /^\/graph(?:[/?]|$)/i.test(is404 ? url : (routeOptions.url ?? url));

/** Whether a route is that of a link in a mail, which browsers and mail programs post to without JSON. */
export const isMailLinkRoute = (url: string | undefined): boolean => url?.startsWith('/api/report-links/') ?? false;
