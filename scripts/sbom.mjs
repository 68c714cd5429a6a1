// The bill of materials of what runs: CycloneDX 1.5 of npm, from the lockfile, without what is for development or optional. npm stamps its
// answer with the time and a random number, and names it after the folder; without those, the same lockfile gives the same bytes.
// Usage: npm run sbom -- [FILE]; without FILE it goes to standard output.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
const ARGS = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only', '--omit=dev', '--omit=optional'];
const { stdout, stderr, status, error } = spawnSync('npm', ARGS, {
  encoding: 'utf8',
  maxBuffer: 64 * 2 ** 20,
  shell: process.platform === 'win32',
});
if (status !== 0) {
  process.stderr.write(`npm sbom failed (npm 10 or newer is needed): ${error?.message ?? stderr}\n`);
  process.exit(1);
}

const bill = JSON.parse(stdout);
bill.serialNumber = `urn:uuid:${uuidOf(readFileSync('package-lock.json'))}`;
delete bill.metadata.timestamp;
bill.metadata.component.name = name;
const unproven = bill.components.filter((component) => !component.hashes?.length).map((component) => component['bom-ref']);
if (unproven.length > 0) {
  process.stderr.write(`the lockfile has no integrity of: ${unproven.join(', ')}\n`);
  process.exit(1);
}
const text = `${JSON.stringify(bill, null, 2)}\n`;
const file = process.argv[2];
if (file === undefined) process.stdout.write(text);
else {
  writeFileSync(file, text);
  process.stderr.write(`${bill.components.length} packages written to ${file}\n`);
}

/** A UUID of version 8 (RFC 9562), made of a SHA-256. */
function uuidOf(bytes) {
  const hex = createHash('sha256').update(bytes).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
