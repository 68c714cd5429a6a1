// The names that the classes of answers and inputs have in /openapi.json. Nest keeps one schema per name, so two classes of
// one name would silently describe each other.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DESCRIBED = /\.(dto|view)\.ts$/;

/** `name: file, file` for every schema name that more than one class below `folder` has. */
export function repeatedSchemaNames(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => DESCRIBED.test(file));
  const classes = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/^export class (\w+)/gm)].map(([, name]) => ({ file, name: schemaName(name) })),
  );
  const byName = Map.groupBy(classes, ({ name }) => name);
  return [...byName].filter(([, same]) => same.length > 1).map(([name, same]) => `${name}: ${same.map(({ file }) => file).join(', ')}`);
}

/** As src/http/openapi/schema-names.ts writes it. */
const schemaName = (className) => className.replace(/(Dto|View)$/, '');
