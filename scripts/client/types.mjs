import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const { factory } = ts;
/** The generator writes them for every document, and this one has none. */
const EMPTY = new Set(['webhooks', '$defs']);

/** The types of paths, operations and schemas. */
export async function typesText(document) {
  const nodes = await openapiTS(document, { defaultNonNullable: false, transform: openList });
  return astToString(nodes.filter(({ name }) => !EMPTY.has(name?.text)));
}

/** Words of which there may be more in a later release: they are named, and any other word is allowed. */
function openList(schema) {
  const words = schema['x-extensible-enum'];
  if (words === undefined) return undefined;
  const text = factory.createKeywordTypeNode(ts.SyntaxKind.StringKeyword);
  const never = factory.createKeywordTypeNode(ts.SyntaxKind.NeverKeyword);
  const other = factory.createIntersectionTypeNode([text, factory.createTypeReferenceNode('Record', [never, never])]);
  const named = words.map((word) => factory.createLiteralTypeNode(factory.createStringLiteral(word)));
  return factory.createUnionTypeNode([...named, other]);
}
