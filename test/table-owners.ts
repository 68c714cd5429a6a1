/** How a file touches a table. */
export type Touch = { table: string; how: 'reads' | 'writes' };

const BUILDER = /\b(selectFrom|insertInto|updateTable|deleteFrom|innerJoin|leftJoin|rightJoin|fullJoin)\(\s*\[?\s*((?:'[^']*'(?:,\s*)?)+)/g;
const WRITES = new Set(['insertInto', 'updateTable', 'deleteFrom']);
const RAW = /\b(from|join|into|update)\s+"?([a-z_]+)"?/gi;

/** The tables that a file names in queries: by the query builder, and in SQL that it writes out. */
export function touchesOf(text: string, tables: readonly string[]): Touch[] {
  const built = [...text.matchAll(BUILDER)].flatMap(([, method = '', names = '']) =>
    [...names.matchAll(/'([a-z_]+)/g)].map(([, table = '']): Touch => ({ table, how: WRITES.has(method) ? 'writes' : 'reads' })),
  );
  const written = [...text.matchAll(/(?:sql(?:<[^`]*>)?|raw(?:<[^`(]*>)?\(|prepare\(|exec\()\s*([`'"])([\s\S]*?)\1/g)].flatMap(
    ([, , sql = '']) =>
      [...sql.matchAll(RAW)].map(([, word = '', table = '']): Touch => ({ table, how: /into|update/i.test(word) ? 'writes' : 'reads' })),
  );
  return [...built, ...written].filter(({ table }) => tables.includes(table));
}

/** Each table of the schema with the module that owns it. */
export function ownersOf(schema: string): Map<string, string> {
  const owners = schema.matchAll(/^ {2}\/\*\* (\S+) · [^\n]*\n(?: {3}\*[^\n]*\n)* {2}(\w+): /gm);
  return new Map([...owners].map(([, owner = '', table = '']) => [table, owner]));
}
