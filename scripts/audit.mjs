// Known advisories of what is needed at run time. Two sources, each of which says plainly what it did not check:
//   the registry of npm, asked now; one that does not answer proves nothing;
//   scripts/advisories.json, a dated list that needs no network. `-- --update` writes it anew from OSV (osv.dev), for every package of the lockfile.
// Fails when the registry knows something high or critical, or when the list has an advisory of a locked version. An advisory that does not
// reach the gateway is accepted in the list, with a reason and the day until which that holds: { "id", "reason", "until" } in "accepted".
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import semver from 'semver';

const LIST = new URL('advisories.json', import.meta.url);
const OSV = process.env.OSV_URL ?? 'https://api.osv.dev';
const OLD_DAYS = 30;
const DAY_MS = 86_400_000;
const TIMEOUT_MS = 20_000;

const locked = lockedVersions(JSON.parse(readFileSync('package-lock.json', 'utf8')));
if (process.argv.includes('--update')) await update();
else {
  if (!process.argv.includes('--offline')) askRegistry();
  readList(JSON.parse(readFileSync(process.env.ADVISORIES_FILE ?? LIST, 'utf8')));
}

/** Names with their versions, without what is for development alone. */
function lockedVersions({ packages }) {
  const found = new Map();
  for (const [path, { dev, name, version }] of Object.entries(packages)) {
    if (path === '' || dev) continue;
    const key = name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    found.set(key, (found.get(key) ?? new Set()).add(version));
  }
  return found;
}

function askRegistry() {
  const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json'], {
    encoding: 'utf8',
    timeout: 30_000,
    shell: process.platform === 'win32',
  });
  const counts = countsIn(stdout);
  if (counts === null) return say(`registry: NOT CHECKED (${error?.code ?? 'it does not answer audits'})`);
  const serious = counts.high + counts.critical;
  say(`registry: ${serious} known high or critical, ${counts.moderate + counts.low} lesser advisories`);
  if (serious > 0) process.exitCode = 1;
}

/** Null unless the answer is a whole report. */
function countsIn(text) {
  try {
    const found = JSON.parse(text).metadata.vulnerabilities;
    const names = ['low', 'moderate', 'high', 'critical'];
    return names.every((name) => Number.isInteger(found[name])) ? found : null;
  } catch {
    return null;
  }
}

function readList({ as_of, complete_for, advisories, accepted }) {
  const now = Date.now();
  const age = Math.floor((now - Date.parse(as_of)) / DAY_MS);
  const holds = new Map(accepted.filter(({ until }) => now < Date.parse(until)).map(({ id, reason }) => [id, reason]));
  let matches = 0;
  for (const { id, package: name, severity, vulnerable, summary } of advisories) {
    const hit = [...(locked.get(name) ?? [])].filter((version) => semver.satisfies(version, vulnerable, { includePrerelease: true }));
    if (hit.length === 0) continue;
    if (holds.has(id)) say(`accepted: ${id}, ${name} ${hit.join(', ')} (${holds.get(id)})`);
    else {
      matches += 1;
      say(`FOUND: ${id} (${severity}), ${name} ${hit.join(', ')} is in ${vulnerable}: ${summary}`);
    }
  }
  const asked = new Set(complete_for);
  const unasked = [...locked.keys()].filter((name) => !asked.has(name));
  const old = age > OLD_DAYS ? `, OLDER than ${OLD_DAYS} days: npm run known-faults -- --update` : '';
  say(`list of ${as_of}: ${age} days old${old}; ${advisories.length} advisories, ${matches} match a locked version`);
  if (unasked.length > 0) {
    say(
      `list: NOT COMPLETE for ${unasked.length} of ${locked.size} packages, of which it may lack advisories; npm run known-faults -- --update`,
    );
  }
  if (matches > 0) process.exitCode = 1;
}

/** All or nothing: a list that lacks a package without saying so would be a lie. What was accepted stays. */
async function update() {
  const { accepted } = JSON.parse(readFileSync(LIST, 'utf8'));
  const names = [...locked.keys()].sort();
  const advisories = [];
  try {
    for (const name of names) advisories.push(...(await advisoriesOf(name)));
  } catch (error) {
    say(`${OSV}: ${error.cause?.code ?? error.message}. The list stays as it is.`);
    process.exitCode = 1;
    return;
  }
  const as_of = new Date().toISOString().slice(0, 10);
  const list = { as_of, source: 'OSV (osv.dev), every package of the lockfile', complete_for: names, advisories, accepted };
  writeFileSync(process.env.ADVISORIES_FILE ?? LIST, `${JSON.stringify(list, null, 2)}\n`);
  say(`list of ${as_of}: ${advisories.length} advisories of ${names.length} packages`);
}

async function advisoriesOf(name) {
  const found = [];
  for (let page_token; ; ) {
    const response = await fetch(`${OSV}/v1/query`, {
      method: 'POST',
      body: JSON.stringify({ package: { name, ecosystem: 'npm' }, page_token }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`${response.status} for ${name}`);
    const { vulns = [], next_page_token } = await response.json();
    for (const vulnerability of vulns) if (!vulnerability.withdrawn) found.push(entryOf(name, vulnerability));
    if (!next_page_token) return found;
    page_token = next_page_token;
  }
}

/** One line of the list of what OSV says; a range that is not closed reaches to every later version. */
function entryOf(name, { id, summary = '', affected, database_specific }) {
  const own = affected.filter((one) => one.package.ecosystem === 'npm' && one.package.name === name);
  const ranges = own.flatMap(({ ranges = [], versions = [] }) =>
    ranges.length > 0 ? ranges.filter(({ type }) => type === 'SEMVER').map(({ events }) => rangeOf(events)) : versions,
  );
  return {
    id,
    package: name,
    severity: (database_specific?.severity ?? 'unknown').toLowerCase(),
    vulnerable: ranges.join(' || '),
    summary,
  };
}

function rangeOf(events) {
  const parts = [];
  for (const { introduced, fixed, last_affected } of events) {
    if (introduced !== undefined) parts.push(`>=${introduced === '0' ? '0.0.0-0' : introduced}`);
    else if (fixed !== undefined) parts.push(`${parts.pop() ?? ''} <${fixed}`.trim());
    else if (last_affected !== undefined) parts.push(`${parts.pop() ?? ''} <=${last_affected}`.trim());
  }
  return parts.join(' || ');
}

function say(text) {
  process.stdout.write(`dependencies, ${text}\n`);
}
