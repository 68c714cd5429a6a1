/** Fastify's drawing of its router, as `METHOD /path`. */
export function routesOf(drawing: string): string[] {
  const trail: string[] = [];
  return drawing.split('\n').flatMap((line) => {
    const [, branch = '', part = '', methods = ''] = /^((?:│ {3}| {4})*)[├└]── (\S+)(?: \((.*)\))?$/.exec(line) ?? [];
    if (part === '') return [];
    const depth = branch.length / 4;
    trail.splice(depth, trail.length, part);
    return methods === '' ? [] : methods.split(', ').map((method) => `${method} ${trail.join('')}`);
  });
}
