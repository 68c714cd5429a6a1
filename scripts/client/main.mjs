// The client of clients/typescript, from the OpenAPI document of the build. Sends no request.
//   npm run client                  writes src/api.ts and src/operations.ts
//   npm run client -- --check       fails when one of them is not what would be written
//   npm run client -- --pack DIR    compiles the client, and packs it for `npm install` into DIR
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { operationsText } from './operations.mjs';
import { forClients } from './reduce.mjs';
import { typesText } from './types.mjs';

const CLIENT = 'clients/typescript';
const HEAD = '// Written by `npm run client` from the OpenAPI document of the gateway; do not change it here.\n';

const { check, pack } = parseArgs({ options: { check: { type: 'boolean' }, pack: { type: 'string' } } }).values;
if (pack === undefined) await generate();
else packInto(resolve(pack));

async function generate() {
  const { readDocument } = await import('../api-document.mjs');
  const document = forClients(await readDocument());
  const files = { 'src/api.ts': await typesText(document), 'src/operations.ts': operationsText(document) };
  const made = Object.entries(files).map(([name, text]) => {
    const file = join(CLIENT, name);
    return [file, formatted(file, HEAD + text)];
  });
  if (!check) {
    for (const [file, text] of made) writeFileSync(file, text);
    return;
  }
  const stale = made.filter(([file, text]) => !existsSync(file) || readFileSync(file, 'utf8') !== text).map(([file]) => file);
  const { version } = JSON.parse(readFileSync(`${CLIENT}/package.json`, 'utf8'));
  if (version !== document.info.version) stale.push(`${CLIENT}/package.json: version ${version}, not ${document.info.version}`);
  if (stale.length > 0) fail(`The client is not that of this API; run "npm run client" and commit:\n${stale.join('\n')}`);
}

function packInto(folder) {
  rmSync(`${CLIENT}/dist`, { recursive: true, force: true });
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', `${CLIENT}/tsconfig.build.json`]);
  process.stdout.write(run('npm', ['pack', '--silent', `./${CLIENT}`, '--pack-destination', folder]));
}

/** As Biome formats the rest. */
function formatted(file, text) {
  return run(
    process.execPath,
    ['node_modules/@biomejs/biome/bin/biome', 'format', `--stdin-file-path=${file}`, '--files-max-size=8388608'],
    text,
  );
}

function run(command, args, input) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) fail(`${command} ${args.join(' ')} failed: ${error?.message ?? ''}${stdout.slice(-2_000)}${stderr}`);
  return stdout;
}

function fail(text) {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
