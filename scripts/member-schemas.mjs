// What TypeScript says of the members of DTOs and views, as JSON Schema for /openapi.json. The generator of Nest names a class or a
// primitive; a union, a tuple, a record and an interface it writes as an object without members.
import ts from 'typescript';

const DESCRIBED = /\.(dto|view)\.ts$/;
/**
 * Times are RFC 3339, and numbers are whole unless they are a share or a pace, so a member's name says its format; `@format` in a
 * docstring overrides it.
 */
const TIME = /(^|_)(at|since|until)$/;
const DAY = /^date$/;
const FRACTION = /(^|_)(progress|confidence|pace_per_day)$/;
const TYPE = 'Record<string, Record<string, { required: boolean; schema: Record<string, unknown> }>>';
const ANY_JSON = ['object', 'array', 'string', 'number', 'boolean', 'null'];
/** An interface may contain itself; so deep no answer is nested. */
const DEEPEST = 5;

/** A visitor of the generator of Nest's metadata; `text` is what it has found, as an export of the same file. */
export class MemberSchemas {
  key = 'members';
  typeImports = {};
  #classes = {};
  /** Classes with an index signature: other members may stand beside those that are named. */
  #open = [];

  visit(program, file) {
    if (!DESCRIBED.test(file.fileName)) return;
    const reader = new TypeReader(program.getTypeChecker());
    for (const node of file.statements) {
      if (!ts.isClassDeclaration(node) || !node.name) continue;
      const members = node.members.filter((member) => ts.isPropertyDeclaration(member) && ts.isIdentifier(member.name));
      if (node.members.some(ts.isIndexSignatureDeclaration)) this.#open.push(node.name.text);
      this.#classes[node.name.text] = Object.fromEntries(members.map((member) => [member.name.text, reader.member(member)]));
    }
  }

  collect() {
    return {};
  }

  get text() {
    return `\nexport const memberSchemas: ${TYPE} = ${JSON.stringify(this.#classes, null, 1)};\nexport const openClasses: string[] = ${JSON.stringify(this.#open)};\n`;
  }
}

class TypeReader {
  constructor(checker) {
    this.checker = checker;
  }

  /** `{ required, schema }` of a member; one with an initial value may be left out. */
  member(node) {
    const type = this.checker.getTypeAtLocation(node);
    const format = formatOf(node);
    const schema = inSourceOrder(this.schema(type, format, 0), node.type?.getText() ?? '');
    return { required: !node.questionToken && !node.initializer, schema: { ...schema, ...this.#initial(node) } };
  }

  schema(type, format, depth) {
    const parts = (type.isUnion() ? type.types : [type]).filter((part) => !(part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Void)));
    const known = parts.filter((part) => !(part.flags & ts.TypeFlags.Null));
    const schemas = distinct(known.map((part) => this.#one(part, format, depth)));
    if (known.length < parts.length) schemas.push({ type: 'null' });
    return joined(schemas);
  }

  #one(type, format, depth) {
    const { flags } = type;
    if (type.isStringLiteral()) return { type: 'string', enum: [type.value] };
    if (type.isNumberLiteral()) return { type: 'integer', enum: [type.value] };
    if (flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
    if (flags & ts.TypeFlags.StringLike) return format && format !== 'double' ? { type: 'string', format } : { type: 'string' };
    if (flags & ts.TypeFlags.NumberLike) return format === 'double' ? { type: 'number', format } : { type: 'integer' };
    if (flags & ts.TypeFlags.NonPrimitive) return { type: 'object', additionalProperties: true };
    if (!(flags & ts.TypeFlags.Object)) return { type: ANY_JSON };
    return this.#object(type, format, depth);
  }

  #object(type, format, depth) {
    if (this.checker.isTupleType(type)) return tuple(this.checker.getTypeArguments(type).map((item) => this.schema(item, format, depth)));
    if (this.checker.isArrayType(type)) return { type: 'array', items: this.schema(this.checker.getTypeArguments(type)[0], format, depth) };
    const { symbol } = type;
    if (symbol.flags & ts.SymbolFlags.Class && DESCRIBED.test(symbol.valueDeclaration.getSourceFile().fileName)) {
      return { $ref: `#/components/schemas/${symbol.name}` };
    }
    const index = this.checker.getIndexInfoOfType(type, ts.IndexKind.String);
    const properties = this.checker.getPropertiesOfType(type);
    if (properties.length === 0 || depth > DEEPEST) {
      const values = index && index.type.flags & ts.TypeFlags.Object ? this.schema(index.type, undefined, depth + 1) : null;
      return {
        type: 'object',
        additionalProperties: values ?? (index && scalarOnly(this.schema(index.type, undefined, depth + 1))) ?? true,
      };
    }
    const members = properties.map((property) => [property.name, this.#property(property, depth)]);
    const required = properties.filter((property) => !(property.flags & ts.SymbolFlags.Optional)).map(({ name }) => name);
    return { type: 'object', properties: Object.fromEntries(members), required };
  }

  #property(property, depth) {
    const node = property.valueDeclaration;
    const description = ts.displayPartsToString(property.getDocumentationComment(this.checker));
    const schema = this.schema(this.checker.getTypeOfSymbol(property), node && formatOf(node), depth + 1);
    return { ...schema, ...(description ? { description } : {}) };
  }

  /** The value without the member, also when it is a named constant. */
  #initial({ initializer }) {
    const type = initializer && this.checker.getTypeAtLocation(initializer);
    return type?.isNumberLiteral() || type?.isStringLiteral() ? { default: type.value } : {};
  }
}

/** A record of anything takes anything. */
const scalarOnly = (schema) => (schema.type === ANY_JSON ? true : schema);

function formatOf(node) {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === 'format');
  if (tag) return String(tag.comment).trim();
  const name = node.name.getText();
  if (TIME.test(name)) return 'date-time';
  if (FRACTION.test(name)) return 'double';
  return DAY.test(name) ? 'date' : undefined;
}

const tuple = (items) =>
  distinct(items).length === 1
    ? { type: 'array', items: items[0], minItems: items.length, maxItems: items.length }
    : { type: 'array', prefixItems: items, minItems: items.length, maxItems: items.length };

const distinct = (schemas) => [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];

/** One schema of several: literals of one type become one `enum`, plain types one list of types, the rest `anyOf`. */
function joined(schemas) {
  const literals = schemas.filter(({ enum: values }) => values);
  const [others, isNullable] = [schemas.filter((schema) => !schema.enum && schema.type !== 'null'), schemas.some(isNull)];
  const merged = [...Map.groupBy(literals, ({ type }) => type)].map(([type, same]) => ({ type, enum: same.flatMap((one) => one.enum) }));
  const all = [...merged, ...others];
  if (all.length === 1) return isNullable ? nullable(all[0]) : all[0];
  // Where a text may stand as well, what the number is about decides whether it is whole.
  for (const schema of all) if (schema.type === 'integer' && !schema.enum) schema.type = 'number';
  const isPlain = all.every((schema) => Object.keys(schema).every((key) => key === 'type') && typeof schema.type === 'string');
  if (isPlain) return { type: [...all.map(({ type }) => type), ...(isNullable ? ['null'] : [])] };
  return { anyOf: [...all, ...(isNullable ? [{ type: 'null' }] : [])] };
}

const isNull = ({ type }) => type === 'null';

function nullable(schema) {
  if (schema.$ref) return { anyOf: [schema, { type: 'null' }] };
  const { type, enum: values, ...rest } = schema;
  return { type: [type, 'null'].flat(), ...(values ? { enum: [...values, null] } : {}), ...rest };
}

/** The compiler keeps the members of a union in an order of its own; readers expect that of the source. */
function inSourceOrder(schema, text) {
  const place = (value) => (value === null ? Infinity : text.indexOf(`'${value}'`));
  if (schema.enum) schema.enum.sort((a, b) => place(a) - place(b));
  if (schema.items?.enum) schema.items.enum.sort((a, b) => place(a) - place(b));
  return schema;
}
