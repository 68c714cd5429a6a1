import { CONSOLE_HEADER } from '#access/sessions/same-origin.js';
import { cookieName } from '#access/sessions/session.js';
import type { JsonSchema } from './constraints.js';

/** How a request shows who makes it. */
export const securitySchemes = (publicUrl: string): Record<string, JsonSchema> => ({
  bearer: { type: 'http', scheme: 'bearer', description: 'An API key, or a token that `POST /api/tokens` has made from one.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: cookieName(publicUrl),
    description:
      'The cookie of `POST /api/session`, for pages of the gateway itself. ' +
      `Requests but GET carry \`${CONSOLE_HEADER.name}: ${CONSOLE_HEADER.value}\` as well.`,
  },
  webhook: {
    type: 'http',
    scheme: 'bearer',
    description: '`D360_WEBHOOK_TOKEN`, which 360dialog sends with each delivery once it is registered with the webhook.',
  },
});
