import type { EntryFor } from '#error-catalogue/catalogue.js';

/** What one line of the data files says; the rest follows from its kind. */
type Facts = Pick<EntryFor<string>, 'source' | 'en' | 'es'> & Partial<Pick<EntryFor<string>, 'retryable' | 'rang' | 'upstream'>>;

/** One status per kind: the contract's rule in one place. */
const define =
  (kind: EntryFor<string>['kind'], status: number) =>
  <const Code extends string>(code: Code, facts: Facts): EntryFor<Code> => ({
    code,
    status,
    kind,
    retryable: false,
    rang: 'no',
    upstream: [],
    ...facts,
  });

export const unauthenticated = define('access', 401);
export const denied = define('access', 403);
export const badInput = define('input', 422);
export const tooLarge = define('input', 413);
export const wrongMediaType = define('input', 415);
export const notFound = define('not_found', 404);
export const aboutNumber = define('number', 409);
export const aboutPerson = define('person', 409);
export const aboutCall = define('call', 409);
export const tooMany = define('rate', 429);
export const unavailable = define('unavailable', 503);
export const broken = define('unavailable', 500);
export const refusedUpstream = define('upstream', 502);
export const mediaFailed = define('media', 502);

/** All whole numbers from `first` to `last`, both included. */
export const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

const META = 'https://developers.facebook.com/documentation/business-messaging/whatsapp';

/** Where the facts were read, and the date of that reading. */
export const SOURCE = {
  gateway: 'whatsapp-calling-gateway',
  calling: `${META}/calling/troubleshooting (2026-06-24)`,
  permissions: `${META}/calling/user-call-permissions (2026-06-26)`,
  overview: `${META}/calling (2026-06-26)`,
  limits: `${META}/messaging-limits (2026-09-11)`,
  /** Read as an excerpt; the HTTP status of 138038 is not published. */
  routing: `${META}/conversation-routing/calling-webhooks (2026-10-12, excerpt)`,
  faq: `${META}/calling/faq (2025-11-13)`,
  health: `${META}/support/health-status (2025-10-22)`,
  errors: `${META}/support/error-codes (2025-12-12)`,
  /** Read on the same page family, not verified again since. */
  errorsUnverified: `${META}/support/error-codes (2025-12-12, not verified again)`,
  dialog360: 'https://docs.360dialog.com/docs/support/api-error-message-list',
  dialog360Keys: 'https://docs.360dialog.com/docs/hub/api-key',
} as const;
