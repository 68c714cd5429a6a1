import { readDate, reasonOf } from '#cli/terminal/json-request.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { SECOND } from '#kernel/clock.js';
import { type CliFinding, finding } from './finding.js';
import { sayDiagnosis } from './texts/diagnosis-texts.js';

/** A `Date` header has whole seconds and an answer takes a while: less than this says nothing. */
const TOLERATED_MS = 10 * SECOND;

/** The result of one request to 360dialog without a key. */
export type Probe = Awaited<ReturnType<typeof probe>>;

/** One request without a key. Any answer proves that 360dialog can be reached, and carries its time. */
export async function probe(baseUrl: string, timeoutMs: number) {
  try {
    const answer = await fetch(baseUrl, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    await answer.body?.cancel();
    return {
      /** The clock of 360dialog in ms; null when the answer has no `Date`. */
      theirs: readDate(answer.headers),
      /** Why there was no answer; null when there was one. */
      lost: null,
    };
  } catch (error) {
    return { theirs: null, lost: reasonOf(error) };
  }
}

/** @param ours the gateway's clock at the same moment, in ms */
export function clockGate(ours: number | null, { theirs }: Probe, language: Language): CliFinding {
  if (ours === null || theirs === null) return finding('clock', 'unknown', language, { cause: sayDiagnosis('clock_unknown', language) });
  const seconds = Math.round((ours - theirs) / SECOND);
  if (Math.abs(ours - theirs) <= TOLERATED_MS) return finding('clock', 'pass', language, { value: `${seconds} s` });
  const cause = sayDiagnosis('clock_off', language, { seconds });
  return finding('clock', 'warning', language, { value: `${seconds} s`, cause, remedy: sayDiagnosis('clock_remedy', language) });
}
