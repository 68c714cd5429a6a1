import type { CatalogueText, EntryFor } from '#error-catalogue/catalogue.js';

/** A text in English and in Spanish. */
type Both = readonly [en: string, es: string];

/** What an entry of the data files says; the rest follows from its kind and its page. */
type Facts = Record<keyof CatalogueText, Both> & Partial<Pick<EntryFor<string>, 'source' | 'retryable' | 'rang' | 'upstream'>>;

/** What defines the entries of a page. Its source holds where an entry names no other. One status per kind: the contract's rule in one place. */
export const entriesFrom = (source: string) => {
  const define =
    (kind: EntryFor<string>['kind'], status: number) =>
    <const Code extends string>(code: Code, { title, detail, remedy, ...facts }: Facts): EntryFor<Code> => ({
      code,
      status,
      kind,
      // These pass by themselves.
      retryable: status === 429 || status === 503,
      rang: 'no',
      upstream: [],
      source,
      ...facts,
      en: { title: title[0], detail: detail[0], remedy: remedy[0] },
      es: { title: title[1], detail: detail[1], remedy: remedy[1] },
    });
  return {
    unauthenticated: define('access', 401),
    denied: define('access', 403),
    badInput: define('input', 422),
    malformed: define('input', 400),
    tooSlow: define('unavailable', 408),
    tooLarge: define('input', 413),
    headersTooLarge: define('input', 431),
    wrongMediaType: define('input', 415),
    notFound: define('not_found', 404),
    aboutNumber: define('number', 409),
    aboutPerson: define('person', 409),
    aboutCall: define('call', 409),
    tooMany: define('rate', 429),
    unavailable: define('unavailable', 503),
    broken: define('unavailable', 500),
    refusedUpstream: define('upstream', 502),
    mediaFailed: define('media', 502),
  };
};

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
  /** Read as an excerpt. */
  signature: 'https://docs.360dialog.com/partner/onboarding/webhook-events-and-setup/signature-validation (2026-11-28, excerpt)',
  dialog360Keys: 'https://docs.360dialog.com/docs/hub/api-key',
} as const;
