/**
 * The HTTP status with which Meta answers each of its error codes; a code that is not here has 400.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes (2025-12-12)
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/troubleshooting (2026-06-24)
 */
const STATUSES: Readonly<Record<number, number>> = {
  0: 401,
  2: 503,
  3: 500,
  10: 403,
  190: 401,
  368: 403,
  613: 429,
  130497: 403,
  131000: 500,
  131005: 403,
  131016: 500,
  131031: 403,
  131045: 500,
  131057: 500,
  133004: 503,
  138000: 401,
  138002: 429,
  138004: 500,
  138005: 429,
  138006: 401,
  138007: 500,
};

export const metaStatusOf = (code: number): number => STATUSES[code] ?? 400;
