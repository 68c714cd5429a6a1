import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';

const [{ AppModule }, { readSettings }, { buildApp }, { describeApi }] = await Promise.all(
  ['app.module', 'config/read-settings', 'http/build-app', 'http/openapi/describe-api'].map((file) => import(`../dist/${file}.js`)),
);

/** The OpenAPI document of a gateway that never listens, from the build, on a database of its own, with no setting of this machine. */
export async function readDocument() {
  const folder = mkdtempSync(join(tmpdir(), 'api-document-'));
  const settings = readSettings({ DATABASE_URL: `sqlite:${join(folder, 'gateway.db')}`, LOG_LEVEL: 'fatal' });
  const app = await buildApp(AppModule.with(settings), settings, { logger: false });
  try {
    return JSON.parse(JSON.stringify(await describeApi(app)));
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
