// Arguments for a build of the image, with which it labels itself: docker build $(npm run --silent build-args) .
// The build compares the digest of the lockfile with its own copy; the commit it must believe. Changes that are not committed are said.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();
const values = {
  REVISION: `${git('rev-parse', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '-dirty'}`,
  LOCKFILE_SHA256: createHash('sha256').update(readFileSync('package-lock.json')).digest('hex'),
};
process.stdout.write(
  `${Object.entries(values)
    .map(([name, value]) => `--build-arg ${name}=${value}`)
    .join(' ')}\n`,
);
