// The bill of materials of what runs in the image: CycloneDX 1.5 of npm, from the lockfile. What is for development or optional is left out by the
// marks of the lockfile: npm's own --omit also drops what is needed when something else wants it optionally. npm stamps its answer with the time
// and a random number, and names it after the folder; without those, the same lockfile gives the same bytes.
// Usage: npm run sbom -- [FILE]; without FILE it goes to standard output.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const { name } = JSON.parse(readFileSync('package.json', 'utf8'));
const lockfile = readFileSync('package-lock.json');
const ARGS = ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application', '--package-lock-only'];
const { stdout, stderr, status, error } = spawnSync('npm', ARGS, {
  encoding: 'utf8',
  maxBuffer: 64 * 2 ** 20,
  shell: process.platform === 'win32',
});
if (status !== 0) {
  process.stderr.write(`npm sbom failed (npm 10 or newer is needed): ${error?.message ?? stderr}\n`);
  process.exit(1);
}

const needed = neededIn(JSON.parse(lockfile.toString()));
const bill = JSON.parse(stdout);
const root = bill.metadata.component['bom-ref'];
bill.components = bill.components.filter((component) => needed.has(`${component.name}@${component.version}`));
const kept = new Set([root, ...bill.components.map((component) => component['bom-ref'])]);
bill.dependencies = bill.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
const listed = new Set(bill.components.map((component) => `${component.name}@${component.version}`));
const lost = [...needed].filter((one) => !listed.has(one));
if (lost.length > 0) {
  process.stderr.write(`npm did not list: ${lost.join(', ')}\n`);
  process.exit(1);
}
bill.serialNumber = `urn:uuid:${uuidOf(lockfile)}`;
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

/** Names and versions of what `npm ci --omit=dev --omit=optional` installs. */
function neededIn({ packages }) {
  return new Set(
    Object.entries(packages)
      .filter(([path, { dev, optional, devOptional }]) => path !== '' && !dev && !optional && !devOptional)
      .map(([path, { name: alias, version }]) => `${alias ?? path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`),
  );
}

/** A UUID of version 8 (RFC 9562), made of a SHA-256. */
function uuidOf(bytes) {
  const hex = createHash('sha256').update(bytes).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
