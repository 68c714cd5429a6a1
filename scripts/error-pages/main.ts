import { writeFile } from 'node:fs/promises';
import { catalogueMarkdown } from './markdown.ts';

/** Writes docs/errors.md and docs/errors.es.md from the catalogue. */
await Promise.all([writeFile('docs/errors.md', catalogueMarkdown('en')), writeFile('docs/errors.es.md', catalogueMarkdown('es'))]);
