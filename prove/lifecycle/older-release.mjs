import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const built = new Map();
process.on('exit', () => {
  for (const folder of built.values()) rmSync(folder, { recursive: true, force: true });
});

/**
 * Builds a commit of this repository beside it, with the packages of this one. Proofs of one run share the build.
 * @param {string} commit
 * @returns the file to start; null when there is no repository, or it lacks the commit
 */
export function olderRelease(commit) {
  if (run('git', ['cat-file', '-e', `${commit}^{commit}`], ROOT).status !== 0) return null;
  if (!built.has(commit)) built.set(commit, build(commit));
  return join(built.get(commit), 'dist/main.js');
}

function build(commit) {
  const folder = mkdtempSync(join(tmpdir(), 'prove-older-'));
  const archive = join(folder, 'source.tar');
  must(run('git', ['archive', '--format=tar', `--output=${archive}`, commit], ROOT));
  must(run('tar', ['-xf', archive, '-C', folder], ROOT));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  must(run(process.execPath, ['scripts/describe.mjs'], folder));
  must(run(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build'], folder));
  return folder;
}

const run = (program, parameters, cwd) => spawnSync(program, parameters, { cwd, encoding: 'utf8' });

function must({ status, error, stdout, stderr }) {
  if (status !== 0) throw new Error(`the older release cannot be built: ${error?.message ?? `${stdout}${stderr}`.slice(-2_000)}`);
}
