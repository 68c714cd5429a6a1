/** Same-origin files only, no inline code, no framing, and trusted types. */
export const SIMULATOR_PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'permissions-policy': 'microphone=(self), camera=(), geolocation=()',
  'x-content-type-options': 'nosniff',
  // With `no-referrer` browsers send `Origin: null` with the forms of the page, as a foreign page does.
  'referrer-policy': 'same-origin',
  'cache-control': 'no-cache',
};
