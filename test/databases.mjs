import { randomUUID } from 'node:crypto';
import pg from 'pg';

const base = process.env.TEST_POSTGRES_URL;

/** Names the databases of this run, which its tests use one after another: see src/store/temporary-database.fixture.ts. */
export default async function setUp() {
  process.env.TEST_RUN = randomUUID().slice(0, 8);
}

/** Drops the databases of this run. */
export async function tearDown() {
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
