import { ALL_SCOPES } from '#access/authorization/scope.js';
import { allEntries } from '../lookup.js';

/** Ids are no words, even where they are written as words of programmers are. */
const IDS = /\b(?:call|ses|key|sub|num|rep|evt|wacid)[_.][\w.=+/-]{6,}/g;
const FIXED: readonly RegExp[] = [
  // Paths of the API, of 360dialog and of the gateway's other pages.
  /\/(?:api|calling|messages|graph|docs|metrics|openapi)(?:[/?.]\S*|\b)/g,
  // Verbs of HTTP.
  /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b/g,
  // Fields and codes of several words, and settings and values in capitals.
  /\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b/g,
  /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g,
  // Code and commands.
  /`[^`]*`/g,
  /\bnpm run\b/g,
  /\bHTTP \d{3}\b/g,
];

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
/** Codes of one word, and rights, which have a colon. */
const WORDS = [...ALL_SCOPES, ...allEntries().map(({ code }) => code)].map(
  (word) => new RegExp(`(?<![\\w:])${escaped(word)}(?![\\w:])`, 'g'),
);

/** The words of a text that only programmers know: paths, verbs and fields of the API, rights, error codes, settings and commands. */
export function forbiddenIn(text: string): string[] {
  const read = text.replaceAll(IDS, '');
  return [...new Set([...FIXED, ...WORDS].flatMap((pattern) => read.match(pattern) ?? []))];
}
