import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { DatabaseUrl } from '#config/read-database.js';
import type { SealingKeys } from '#kernel/sealed.js';
import { backUp } from '#store/backup.js';
import { move } from '#store/move/move.js';
import { openStore } from '#store/open-store.js';
import { isSealing } from '#store/sealed/sealing-state.js';
import { emptyDatabase, engines, type TemporaryDatabase } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { keysNamed } from './sealing-keys.fixture.js';
import { SecretsService } from './secrets.service.js';

const PLACE = { table: 'subscriptions', column: 'sealed_secret', id: 'sub_1' } as const;
const secretsWith = (secretsKeys: SealingKeys) => new SecretsService({ secretsKeys });

describe('a copy of a database with sealed secrets', () => {
  let source: TemporaryDatabase;
  const path = () => (source.database.kind === 'sqlite' ? source.database.path : '');
  const open = (database: DatabaseUrl, secretsKeys = keysNamed('a')) => openStore({ database, mode: 'live', secretsKeys });

  beforeEach(async () => {
    source = await emptyDatabase('sqlite');
    const store = await open(source.database);
    await sql`insert into subscriptions (id, url, scopes, created_by, secret, sealed_secret, state, xid, event_id, failures, revision, created_at)
      values ('sub_1', 'https://a.example', '[]', 'key_1', '', ${secretsWith(keysNamed('a')).seal('whsec_1', PLACE)}, 'active', 0, 0, 0, 1, 0)`.execute(
      raw(store),
    );
    await store.close();
  });
  afterEach(() => source.erase());

  /** It opens with its key, and starts with no other. */
  async function expectItOpens(database: DatabaseUrl): Promise<void> {
    await expect(open(database, keysNamed())).rejects.toThrow(/SECRETS_KEY is missing/);
    await expect(open(database, keysNamed('b'))).rejects.toThrow(/does not open/);
    const store = await open(database);
    const { sealed_secret: sealed } = await store.read.selectFrom('subscriptions').select('sealed_secret').executeTakeFirstOrThrow();
    expect([secretsWith(keysNamed('a')).open(sealed ?? '', PLACE), await isSealing(store.read)]).toEqual(['whsec_1', true]);
    await store.close();
  }

  it('that is a backup opens with the key, and with no other', async () => {
    backUp(path(), `${path()}.copy`);
    await expectItOpens({ kind: 'sqlite', path: `${path()}.copy` });
  });

  (engines.includes('postgres') ? it : it.skip)('that was moved to Postgres opens with the key, and with no other', async () => {
    const target = await emptyDatabase('postgres');
    const [from, to] = [
      await openStore({ database: source.database, mode: 'live' }),
      await openStore({ database: target.database, mode: 'live' }, { duty: 'move' }),
    ];
    await move(from, to);
    await Promise.all([from.close(), to.close()]);
    await expectItOpens(target.database);
    await target.erase();
  });
});
