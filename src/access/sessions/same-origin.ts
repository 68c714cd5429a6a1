/** What a browser says of the page behind a request; only headers that a page cannot set itself, but for the first. */
export interface Provenance {
  method: string;
  /** `X-Requested-With`: a page of another origin cannot send it without a preflight, which is refused. */
  requestedWith: string | undefined;
  /** `Sec-Fetch-Site`; browsers leave it out on plain http, loopback excepted. */
  fetchSite: string | undefined;
  origin: string | undefined;
  host: string | undefined;
}

/** The header by which the console says that it is the console. */
export const CONSOLE_HEADER = { name: 'X-Requested-With', value: 'console' } as const;

const SAFE = new Set(['GET', 'HEAD']);

/**
 * Whether a request that brings the session cookie, or asks for one, comes from a page of ours. A page of another port or
 * subdomain is of the same site, so `SameSite=Strict` alone does not keep it out.
 */
export function isFromOurPage(from: Provenance, publicUrl: string): boolean {
  const { method, fetchSite, origin } = from;
  if (SAFE.has(method)) {
    // `none` is a person who typed the address or opened a bookmark.
    return (
      (fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none') && (origin === undefined || isOurs(from, publicUrl))
    );
  }
  if (from.requestedWith !== CONSOLE_HEADER.value) return false;
  if (fetchSite !== undefined && fetchSite !== 'same-origin') return false;
  return origin === undefined ? fetchSite === 'same-origin' : isOurs(from, publicUrl);
}

/** The page's address is the one it was asked by, or the public one when a proxy has changed the host. */
function isOurs({ origin, host }: Provenance, publicUrl: string): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  return (host !== undefined && page.host === host.toLowerCase()) || page.origin === new URL(publicUrl).origin;
}
