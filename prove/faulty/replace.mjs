import 'reflect-metadata';

/**
 * Puts another provider in the place of `token`, wherever a module below `root` provides it.
 * @param {object | Function} root a module, or a dynamic one
 * @param {Function} token the class under which the provider is injected
 * @param {(original: any) => any} change gets Nest's definition of the provider and returns the one to use
 * @throws Error when no module provides the token, since the fault would then not be there
 */
export function replaceProvider(root, token, change) {
  const modules = modulesBelow(root);
  const replaced = modules.filter((module) => replaceIn(module, token, change));
  if (replaced.length === 0) throw new Error(`no module provides ${token.name}`);
}

/** @param {new (...args: any[]) => any} wrong a subclass of the token, made from the same dependencies */
export const replaceClass = (root, token, wrong) => replaceProvider(root, token, () => ({ provide: token, useClass: wrong }));

/** @param {(made: any) => any} change gets what the factory of the provider has made */
export const changeMade = (root, token, change) =>
  replaceProvider(root, token, (original) => ({
    ...original,
    useFactory: async (...dependencies) => change(await original.useFactory(...dependencies)),
  }));

function modulesBelow(root, found = new Set()) {
  if (found.has(root)) return [];
  found.add(root);
  const imports = [...(root.imports ?? []), ...(Reflect.getMetadata('imports', root.module ?? root) ?? [])];
  for (const imported of imports) modulesBelow(imported, found);
  return [...found];
}

function replaceIn(module, token, change) {
  const isToken = (provider) => provider === token || provider.provide === token;
  const changed = (providers) => providers.map((provider) => (isToken(provider) ? change(provider) : provider));
  const made = module.providers ?? [];
  const declared = Reflect.getMetadata('providers', module.module ?? module) ?? [];
  if (made.some(isToken)) module.providers = changed(made);
  if (declared.some(isToken)) Reflect.defineMetadata('providers', changed(declared), module.module ?? module);
  return made.some(isToken) || declared.some(isToken);
}
