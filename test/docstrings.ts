import ts from 'typescript';

/** Methods of Nest and of the language whose names say it all. */
const KNOWN = new Set(['onModuleInit', 'onModuleDestroy', 'onApplicationBootstrap', 'onApplicationShutdown', 'beforeApplicationShutdown']);

const isDocumented = (node: ts.Node): boolean => ts.getJSDocCommentsAndTags(node).length > 0;
const has = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);
const isPublic = (member: ts.ClassElement): boolean =>
  !has(member, ts.SyntaxKind.PrivateKeyword) &&
  !has(member, ts.SyntaxKind.ProtectedKeyword) &&
  !(member.name && ts.isPrivateIdentifier(member.name));

/**
 * The exported classes, interfaces and functions of a file, the public methods of its classes and the fields of its DTOs that have no
 * docstring. Types, constants and one-line arrow functions are left out: their names and values say what they are.
 */
export function undocumented(path: string, text: string): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const isDto = /\.(dto|view)\.ts$/.test(path);
  const exported = file.statements.filter((statement) => has(statement, ts.SyntaxKind.ExportKeyword));
  return exported.flatMap((statement) => {
    if (!ts.isClassDeclaration(statement) && !ts.isInterfaceDeclaration(statement) && !ts.isFunctionDeclaration(statement)) return [];
    const name = statement.name?.text ?? 'default';
    const itself = isDocumented(statement) ? [] : [`${path}: ${name}`];
    if (!ts.isClassDeclaration(statement)) return itself;
    const members = statement.members.filter(
      (member) =>
        isPublic(member) &&
        !has(member, ts.SyntaxKind.OverrideKeyword) &&
        (ts.isMethodDeclaration(member) || (isDto && ts.isPropertyDeclaration(member))) &&
        !KNOWN.has(member.name.getText(file)) &&
        !isDocumented(member),
    );
    return [...itself, ...members.map((member) => `${path}: ${name}.${member.name?.getText(file)}`)];
  });
}
