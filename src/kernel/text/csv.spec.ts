import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvLine } from './csv.js';

/** The cells of one record, read after RFC 4180. */
function read(line: string): string[] {
  const cells = [...line.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)];
  return cells.map(([, quoted, plain]) => (quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"')));
}

describe('a line of CSV', () => {
  it('quotes what RFC 4180 wants quoted and ends with CRLF', () => {
    expect(csvLine(['a', 'b,c', 'say "hi"', 'two\r\nlines', null, 0, false])).toBe('a,"b,c","say ""hi""","two\r\nlines",,0,false\r\n');
  });

  it.each(['=1+1', '+52 55', '-2', '@SUM(A1)', '\t=1', '\rx', '\nx', '\0=1', '  =1', '\u200b=1', '＝1'])('disarms %j', (text) => {
    expect(read(csvLine([text]))).toEqual([`'${text}`]);
  });

  it.each(['  plain', 'a=b', '5215512345678', "O'Brien", ''])('leaves %j alone', (text) => {
    expect(read(csvLine([text]))).toEqual([text]);
  });

  it('reads back as it was written, and no cell begins a formula', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '"', ',', '\r', '\n', '\t', ' ', 'a', '1') }), { minLength: 1 }),
        (texts) => {
          const cells = read(csvLine(texts));
          expect(cells.map((cell, i) => (cell === texts[i] ? cell : cell.slice(1)))).toEqual(texts);
          expect(cells.filter((cell) => /^\s*[=+\-@]/.test(cell) || /^[\t\r\n]/.test(cell))).toEqual([]);
        },
      ),
    );
  });
});
