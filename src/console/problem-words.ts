import { allEntries } from '#error-catalogue/lookup.js';
import { ACTION_LABELS } from '#error-catalogue/people/people.js';

/** The module of the page that says each error code to people: the catalogue's own texts, so that there is no second copy of them. */
export function problemWords(): string {
  const sentences = Object.fromEntries(allEntries().map(({ code, people }) => [code, people]));
  return `export const SENTENCES = ${JSON.stringify(sentences)};\nexport const LABELS = ${JSON.stringify(ACTION_LABELS)};\n`;
}
