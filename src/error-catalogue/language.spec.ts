import { describe, expect, it } from '@jest/globals';
import { languageOf } from './language.js';

describe('the language of an answer', () => {
  it.each([
    ['es', 'es'],
    ['es-MX', 'es'],
    ['ES-mx,es;q=0.9,en;q=0.5', 'es'],
    ['en;q=0.4, es;q=0.8', 'es'],
    ['es;q=0.4, en', 'en'],
    ['fi, es;q=0.1', 'es'],
    ['es;q=0, en;q=0.1', 'en'],
  ])('is what %s prefers of those we speak', (header, language) => {
    expect(languageOf(header)).toBe(language);
  });

  it.each([undefined, '', 'fi', '*', 'estonian', 'es;q=many', ';;,,'])('is English for %s', (header) => {
    expect(languageOf(header)).toBe('en');
  });
});
