import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { ALL_SCOPES } from '#access/authorization/scope.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw, temporaryStore } from '#store/temporary-store.fixture.js';
import { rights } from './0012-rights.js';

describe.each(engines)('the migration of rights on %s', (engine) => {
  it('marks the keys that hold every scope of the release before, in any order, and no other', async () => {
    const database = await temporaryStore(engine);
    const store = await database.open();
    const scopes = {
      all: ALL_SCOPES,
      reversed: [...ALL_SCOPES].reverse(),
      lacking: ALL_SCOPES.filter((scope) => scope !== 'calls:control'),
      one: ['keys:admin'],
    };
    // As the release before writes them: it does not know the columns.
    for (const [id, held] of Object.entries(scopes)) {
      await sql`insert into api_keys (id, name, hash, scopes, source, created_at) values (${id}, ${id}, ${id}, ${JSON.stringify(held)}, 'api', 0)`.execute(
        raw(store),
      );
    }
    for (const statement of rights.filter((text) => text.startsWith('update'))) await sql.raw(statement).execute(raw(store));
    const marked = await store.read.selectFrom('api_keys').select('id').where('every_scope', '=', 1).orderBy('id').execute();
    expect(marked.map(({ id }) => id)).toEqual(['all', 'reversed']);
    await database.remove();
  });
});
