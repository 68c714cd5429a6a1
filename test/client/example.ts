import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Stage } from '../recipes/stage.js';

export const ROOT = resolve(import.meta.dirname, '../..');
export const CLIENT = join(ROOT, 'clients/typescript');

export const run = promisify(execFile);

export const readJson = async (file: string) => JSON.parse(await readFile(join(ROOT, file), 'utf8'));

/** A key that may do what the client's tests do. */
export const keyOf = async (stage: Stage): Promise<string> =>
  (
    await stage.post('/api/keys', {
      name: 'client',
      scopes: ['calls:dial', 'calls:control', 'calls:read', 'permissions:read', 'permissions:ask', 'events:read'],
    })
  ).key;

/** Runs the example of a folder in a process of its own, and returns what it has said. */
export async function example(stage: Stage, key: string, to: string, folder: string, options: string[] = []): Promise<string> {
  const offer = JSON.stringify(await readJson('docs/examples/offer.json'));
  const program = `const { call } = await import(${JSON.stringify(join(folder, 'examples/call.ts'))});
    console.log('outcome', await call(${JSON.stringify({ url: stage.url, key })}, '${to}', ${offer}));`;
  const { stdout } = await run(process.execPath, [...options, '--input-type=module', '-e', program], { cwd: folder });
  return stdout;
}
