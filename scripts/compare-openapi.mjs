// Compares two OpenAPI documents: node scripts/compare-openapi.mjs before.json after.json
// References are resolved, and descriptions, summaries, schema names, operation ids and the order of keys are left out, so
// each printed line changes what a client sends or reads. Exit code 1 when anything differs.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const LEFT_OUT = new Set(['description', 'summary', 'operationId']);
/** Lists in which the order says nothing. */
const SETS = new Set(['enum', 'type', 'required', 'tags', 'security', 'oneOf', 'anyOf', 'allOf', 'parameters']);

const [before, after] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8')));
if (!after) {
  process.stderr.write('node scripts/compare-openapi.mjs before.json after.json\n');
  process.exit(64);
}
/** Every value of the paths with the names that lead to it. */
function factsOf(document) {
  return new Set(flat({ paths: plain(document.paths, '', document, []), webhooks: plain(document.webhooks ?? {}, '', document, []) }, ''));
}

/** The value with references resolved and names left out; a schema that contains itself ends where it repeats. */
function plain(value, key, document, refs) {
  if (Array.isArray(value)) return list(value, key, document, refs);
  if (value === null || typeof value !== 'object') return value;
  if (value.$ref) return refs.includes(value.$ref) ? 'repeats' : plain(at(document, value.$ref), key, document, [...refs, value.$ref]);
  // A reference with a description beside it is written as the one member of `allOf`.
  const { allOf: [only, another] = [], ...rest } = key === 'properties' ? {} : value;
  if (only && !another) return plain({ ...rest, ...resolved(only, document) }, key, document, refs);
  const members = Object.entries(value).filter(([name]) => key === 'properties' || !LEFT_OUT.has(name));
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member, key === 'properties' ? '' : name, document, refs)]));
}

function list(values, key, document, refs) {
  const members = values.map((value) => plain(value, '', document, refs));
  return SETS.has(key) ? Object.fromEntries(members.map((member) => [nameOf(member), member])) : members;
}

function* flat(value, path) {
  if (value === null || typeof value !== 'object') yield `${path} = ${JSON.stringify(value)}`;
  else for (const [name, member] of Object.entries(value)) yield* flat(member, `${path} › ${name}`);
}

/** A parameter and an event have a name; another member of a set is named by what it says, or by a digest of that. */
function nameOf(member) {
  if (member?.in && member.name) return `${member.in} ${member.name}`;
  const type = member?.properties?.type?.const;
  if (type) return type;
  const text = canonical(member);
  return text.length <= LONGEST_NAME ? text : `#${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

const LONGEST_NAME = 120;

const canonical = (value) => JSON.stringify([...flat(value, '')].sort());

const resolved = (schema, document) => (schema.$ref ? at(document, schema.$ref) : schema);

const at = (document, ref) =>
  ref
    .slice(2)
    .split('/')
    .reduce((value, name) => value[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);

const [left, right] = [factsOf(before), factsOf(after)];
const gone = [...left].filter((fact) => !right.has(fact));
const added = [...right].filter((fact) => !left.has(fact));
for (const fact of gone) process.stdout.write(`- ${fact}\n`);
for (const fact of added) process.stdout.write(`+ ${fact}\n`);
process.stdout.write(`${left.size} facts before, ${right.size} after: ${gone.length} gone, ${added.length} added\n`);
process.exit(gone.length + added.length > 0 ? 1 : 0);
