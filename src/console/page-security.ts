/**
 * What the console's pages may do: load from here and nowhere else, run no inline script or style, turn no text into
 * markup, stand in no frame, and use the microphone. A broken-in script could still send sound to a peer of its choice,
 * which no policy forbids; so everything else keeps scripts out.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "media-src 'self' blob:",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'Permissions-Policy': 'microphone=(self), camera=(), geolocation=(), display-capture=()',
};
