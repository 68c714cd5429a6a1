import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { catalogueMarkdown } from '#error-catalogue/markdown.js';

describe('the pages of the error catalogue', () => {
  it.each([
    ['docs/errors.md', 'en'],
    ['docs/errors.es.md', 'es'],
  ] as const)('%s is what `npm run docs:errors` writes', (file, language) => {
    expect(readFileSync(join(import.meta.dirname, '../..', file), 'utf8')).toBe(catalogueMarkdown(language));
  });
});
