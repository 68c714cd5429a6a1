import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stackInSources } from './stacks.mjs';
import { importTypeScript } from './typescript.mjs';

const require = createRequire(import.meta.url);
/** Jest's adapter stands beside what jest-circus exports. */
const CIRCUS = join(dirname(require.resolve('jest-circus/runner')), 'jestAdapterInit.js');
const HANDLERS = Symbol.for('EVENT_HANDLERS');

let files = 0;
importTypeScript();

/** Jest's own way to run a file of tests, but for the modules: Node itself imports them, once for all files of this process. */
export default async function run(globalConfig, config, environment, runtime, testPath, sendMessageToJest) {
  // Jest would look for the maps that its own compiler has written.
  Error.prepareStackTrace = stackInSources;
  const { collectTestsWithoutRunning, initialize, runAndTransformResultsToJestFormat } = freshCircus();
  const { snapshotState } = await initialize({
    config,
    environment,
    globalConfig,
    localRequire: require,
    parentProcess: process,
    runtime,
    sendMessageToJest,
    setGlobalsForRuntime: () => undefined,
    testPath,
  });
  files += 1;
  await import(`${pathToFileURL(testPath)}?file=${files}`);
  if (globalConfig.collectTests) return collectTestsWithoutRunning({ config, testPath });
  const now = Date.now();
  const setupAfterEnvPerfStats = { setupAfterEnvStart: now, setupAfterEnvEnd: now };
  const results = await runAndTransformResultsToJestFormat({ config, globalConfig, setupAfterEnvPerfStats, testPath });
  return withSnapshots(results, snapshotState);
}

/** Circus keeps the tests of one file, and is loaded anew for the next. */
function freshCircus() {
  delete require.cache[CIRCUS];
  delete globalThis[HANDLERS];
  return require(CIRCUS);
}

function withSnapshots(results, snapshots) {
  for (const { fullName, status, failing } of results.testResults)
    if (status === 'pending' || status === 'failed' || (failing && status === 'passed')) snapshots.markSnapshotsAsCheckedForTest(fullName);
  const [unchecked, uncheckedKeys] = [snapshots.getUncheckedCount(), [...snapshots.getUncheckedKeys()]];
  if (unchecked > 0) snapshots.removeUncheckedKeys();
  const { deleted } = snapshots.save();
  const { added, matched, unmatched, updated } = snapshots;
  Object.assign(results.snapshot, {
    fileDeleted: deleted,
    added,
    matched,
    unmatched,
    updated,
    unchecked: deleted ? 0 : unchecked,
    uncheckedKeys,
  });
  return results;
}
