import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Language } from '#error-catalogue/catalogue.js';
import { allEntries } from '#error-catalogue/lookup.js';
import { catalogueMarkdown } from './markdown.ts';

const LANGUAGES: readonly Language[] = ['en', 'es'];

describe('the pages of the error catalogue', () => {
  it.each([
    ['docs/errors.md', 'en'],
    ['docs/errors.es.md', 'es'],
  ] as const)('%s is what `npm run docs:errors` writes', (file, language) => {
    expect(readFileSync(join(import.meta.dirname, '../..', file), 'utf8')).toBe(catalogueMarkdown(language));
  });
});

describe('the page of the catalogue', () => {
  it.each(LANGUAGES)('shows every entry and every number in %s', (language) => {
    const page = catalogueMarkdown(language);
    for (const entry of allEntries()) {
      expect(page).toContain(`### \`${entry.code}\``);
      expect(page).toContain(entry[language].remedy);
    }
    expect(page.match(/^### /gm)).toHaveLength(allEntries().length);
    expect(page).toContain('| 138006 | [`permission_required`](#permission_required) |');
    expect(page).toContain('| 200-299 |');
  });

  it('differs between the languages and is the same each time', () => {
    expect(catalogueMarkdown('es')).not.toBe(catalogueMarkdown('en'));
    expect(catalogueMarkdown('en')).toBe(catalogueMarkdown('en'));
  });
});
