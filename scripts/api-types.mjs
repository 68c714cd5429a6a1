// Writes dist/api-types.d.ts from the build: the types of /openapi.json, which src/console/page/api-shapes.js names for the pages.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import openapiTS, { astToString } from 'openapi-typescript';

const [{ AppModule }, { readSettings }, { buildApp }, { describeApi }] = await Promise.all(
  ['app.module', 'config/read-settings', 'http/build-app', 'http/openapi/describe-api'].map((file) => import(`../dist/${file}.js`)),
);

writeFileSync('dist/api-types.d.ts', astToString(await openapiTS(await readDocument())));

/** The description of a gateway that never listens, on a database of its own, with no setting of this machine. */
async function readDocument() {
  const folder = mkdtempSync(join(tmpdir(), 'api-types-'));
  const settings = readSettings({ DATABASE_URL: `sqlite:${join(folder, 'gateway.db')}`, LOG_LEVEL: 'fatal' });
  const app = await buildApp(AppModule.with(settings), settings, { logger: false });
  try {
    return await describeApi(app);
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
