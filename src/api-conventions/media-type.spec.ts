import { describe, expect, it } from '@jest/globals';
import { prefersCsv } from './media-type.js';

describe('the choice of a format', () => {
  it.each(['text/csv', 'text/csv, */*', 'application/json;q=0.5, text/csv', 'TEXT/CSV; charset=utf-8'])('gives CSV for %s', (accept) => {
    expect(prefersCsv(accept)).toBe(true);
  });

  it.each([undefined, '', '*/*', 'application/json', 'application/json, text/csv', 'text/csv;q=0', 'text/html'])(
    'gives JSON for %s',
    (accept) => {
      expect(prefersCsv(accept)).toBe(false);
    },
  );
});
