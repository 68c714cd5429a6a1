// Asks the registry of npm about known faults in what is needed at run time. A registry that does not answer proves nothing, and is reported as
// such: "not checked" is neither a pass nor a failure.
import { spawnSync } from 'node:child_process';

const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json'], {
  encoding: 'utf8',
  timeout: 30_000,
  shell: process.platform === 'win32',
});
const counts = countsIn(stdout);
if (counts === null) {
  say(`dependencies: not checked for known faults (${error?.code ?? 'the registry does not answer audits'})`);
} else {
  const serious = counts.high + counts.critical;
  say(`dependencies: ${serious} known high or critical, ${counts.moderate + counts.low} lesser faults`);
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

function say(text) {
  process.stdout.write(`${text}\n`);
}
