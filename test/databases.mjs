import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const base = process.env.TEST_POSTGRES_URL;

/** Memory that is a folder, on Linux. */
const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 ** 30;

/**
 * Names the databases of this run, which its tests use one after another, and the folder of its files: see
 * src/store/temporary-database.fixture.ts. Every commit waits for the disk, so the files are kept in memory where it has room.
 */
export default async function setUp() {
  process.env.TEST_RUN = randomUUID().slice(0, 8);
  process.env.TEST_FOLDER = mkdtempSync(join(hasRoom(MEMORY) ? MEMORY : tmpdir(), 'gateway-tests-'));
}

function hasRoom(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > ROOM_BYTES;
  } catch {
    return false;
  }
}

/** Drops the databases of this run, and removes its folder. */
export async function tearDown() {
  rmSync(process.env.TEST_FOLDER, { recursive: true, force: true });
  if (!base) return;
  const client = new pg.Client({ connectionString: base });
  await client.connect();
  try {
    const { rows } = await client.query('select datname from pg_database where datname like $1', [`test\\_${process.env.TEST_RUN}\\_%`]);
    for (const { datname } of rows) await client.query(`drop database "${datname}" with (force)`);
  } finally {
    await client.end();
  }
}
