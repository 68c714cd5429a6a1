/** A cell of the table: done, or why the client cannot. */
export type Cell = '✓' | { cannot: string };

/** Which client does which operation at which target, and why some cannot. */
export function tableOf(cells: ReadonlyMap<string, ReadonlyMap<string, Cell>>, operations: readonly string[]): string {
  const columns = [...cells.keys()];
  const reasons: string[] = [];
  const written = (cell: Cell | undefined): string => {
    if (cell === undefined) return '';
    if (cell === '✓') return '✓';
    if (!reasons.includes(cell.cannot)) reasons.push(cell.cannot);
    return `n/a (${reasons.indexOf(cell.cannot) + 1})`;
  };
  const rows = operations.map((operation) => [operation, ...columns.map((column) => written(cells.get(column)?.get(operation)))]);
  const all = [['operation', ...columns], ...rows];
  const widths = all[0]?.map((_, index) => Math.max(...all.map((row) => row[index]?.length ?? 0))) ?? [];
  const lines = all.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const notes = reasons.map((reason, index) => `(${index + 1}) the client cannot: ${reason}`);
  return `${[...lines, ...notes].join('\n')}\n`;
}
