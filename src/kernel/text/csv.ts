/** The value of one cell; null is an empty cell. */
export type Cell = string | number | boolean | null;

/**
 * Beginnings that a spreadsheet reads as a formula: in half and full width, and behind blanks that it may trim. Control
 * characters with which a cell can break out count as well.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^(?:[\s\0\u200b\u2060]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n\0])/;

/** One record after RFC 4180, CRLF included. A text that begins a formula gets an apostrophe before it. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(cellOf).join(',')}\r\n`;

function cellOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
