import { parseJson, record } from '#kernel/read.js';
import { type AttemptResult, succeeded } from './retry.js';
import type { UrlFault } from './safe-url.js';

/** The type of the event that asks an endpoint whether it wants events: it must give `data.challenge` back. */
export const CHALLENGE_TYPE = 'endpoint.verify';

/**
 * Why a response does not verify the endpoint; null when it does: 2xx, and the challenge as `{"challenge": "…"}` or as the bare
 * text. A server that answers 200 to every request has not agreed to anything.
 */
export function faultOfAnswer(result: AttemptResult, text: string, challenge: string): UrlFault | null {
  const { status, error } = result;
  if (status === null) {
    return {
      en: `was asked whether it wants events and did not answer (${error})`,
      es: `no respondió al preguntarle si quiere eventos (${error})`,
    };
  }
  if (!succeeded(result)) {
    return {
      en: `answered ${status} when it was asked whether it wants events`,
      es: `respondió ${status} al preguntarle si quiere eventos`,
    };
  }
  if (text.trim() === challenge || record(parseJson(text))?.challenge === challenge) return null;
  return { en: `answered ${status} without the challenge`, es: `respondió ${status} sin el valor de challenge` };
}
