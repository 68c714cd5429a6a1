import { mostWanted } from '#error-catalogue/language.js';

/** How a report can be had. */
export const FORMATS = ['json', 'csv', 'html'] as const;
export type Format = (typeof FORMATS)[number];

const MEDIA = new Map<string, Format>([
  ['text/html', 'html'],
  ['text/csv', 'csv'],
  ['application/json', 'json'],
]);

/** What an `Accept` header wants most, and of equals names first; JSON when it asks for nothing we have. */
export const formatOf = (accept: string | undefined): Format => mostWanted(accept, (name) => MEDIA.get(name)) ?? 'json';
