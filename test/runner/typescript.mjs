import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';

const ROOT = pathToFileURL(`${resolve(import.meta.dirname, '../..')}/`).href;
const GLOBALS = new URL('globals.mjs', import.meta.url).href;

const isOurs = (url) => url?.startsWith(ROOT) && !url.includes('/node_modules/');

/** The source that an import of ours means: `#inbox/x.js` is `src/inbox/x.ts`, and `./x.js` the `x.ts` beside it, if there is one. */
function sourceOf(specifier, parent) {
  if (!/^(#|\.{1,2}\/).*\.js$/.test(specifier)) return null;
  const source = specifier.replace(/\.js$/, '.ts');
  if (specifier.startsWith('#')) return new URL(`src/${source.slice(1)}`, ROOT).href;
  const url = new URL(source, parent);
  return existsSync(url) ? url.href : null;
}

/**
 * Lets this process import the TypeScript of `src`, `test`, `prove` and `scripts` as it stands, compiled as `.swcrc` says. Each
 * file of tests has `@jest/globals` of its own: the importing module passes on the query of its own address.
 */
export function importTypeScript() {
  process.setSourceMapsEnabled(true);
  registerHooks({
    resolve(specifier, context, next) {
      if (!isOurs(context.parentURL)) return next(specifier, context);
      if (specifier === '@jest/globals') return { url: GLOBALS + new URL(context.parentURL).search, format: 'module', shortCircuit: true };
      const url = sourceOf(specifier, context.parentURL);
      return url === null ? next(specifier, context) : { url, format: 'module', shortCircuit: true };
    },
    load(url, context, next) {
      if (!isOurs(url) || !/\.ts(\?|$)/.test(url)) return next(url, context);
      const filename = fileURLToPath(url);
      const { code } = transformSync(readFileSync(filename, 'utf8'), {
        filename,
        cwd: dirname(fileURLToPath(GLOBALS)),
        root: fileURLToPath(ROOT),
        swcrc: true,
        sourceMaps: 'inline',
      });
      return { format: 'module', source: code, shortCircuit: true };
    },
  });
}
