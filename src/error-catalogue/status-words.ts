/** What servers say of a status when they say nothing else. */
const WORDS: readonly (readonly [RegExp, number])[] = [
  [/bad[\s_-]*request|invalid request|request failed|(solicitud|petici[oó]n) (incorrecta|inv[aá]lida|no v[aá]lida)/gi, 400],
  [/unauthori[sz]ed/gi, 401],
  [/forbidden/gi, 403],
  [/(page |resource )?not[\s_-]*found|cannot (get|post|put|patch|delete) \/\S*/gi, 404],
  [/method[\s_-]*not[\s_-]*allowed/gi, 405],
  [/unprocessable([\s_-]*(entity|content))?/gi, 422],
  [/too many requests/gi, 429],
  [/internal server error/gi, 500],
  [/bad gateway/gi, 502],
  [/service (temporarily )?unavailable/gi, 503],
  [/gateway time-?out/gi, 504],
];

/** Markup, names of servers, and the frame in which a status is quoted. */
const FRAME = /<[^>]*>|\b(https?|status|code|error|the|with|nginx|openresty|apache|cloudflare)\b|[\W\d_]+/gi;

/**
 * The status that words stand for when they say nothing beyond it, as `{"error":"Bad request"}` or the page of a proxy do.
 * @param status the HTTP status they came with; 0 when it is unknown
 * @returns null when they say more, or nothing at all
 */
export function statusInWords(status: number, words: string): number | null {
  const known = WORDS.find(([phrase]) => words.search(phrase) >= 0)?.[1] ?? null;
  const rest = WORDS.reduce((left, [phrase]) => left.replaceAll(phrase, ' '), words).replaceAll(FRAME, '');
  return rest === '' ? status || known : null;
}

/** The words of a status within a longer text, such as a line of a log; null when there are none. */
export function quotedStatus(text: string): string | null {
  return WORDS.flatMap(([phrase]) => text.match(phrase)?.[0] ?? [])[0] ?? null;
}
