import { formatOf } from './format.js';

describe('the format of a report', () => {
  it.each([
    [undefined, 'json'],
    ['*/*', 'json'],
    ['image/png', 'json'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'html'],
    ['text/csv', 'csv'],
    ['application/json;q=0.1, text/html', 'html'],
    ['text/html;q=0.2, application/json', 'json'],
    ['text/html;q=0, text/csv;q=0.1', 'csv'],
    ['text/html;q=nonsense, text/csv', 'csv'],
  ] as const)('for Accept %s is %s', (accept, format) => {
    expect(formatOf(accept)).toBe(format);
  });
});
