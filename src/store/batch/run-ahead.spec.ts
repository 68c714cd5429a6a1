import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type CompiledQuery, Kysely, sql } from 'kysely';
import type pg from 'pg';
import { TimedDialect } from '#store/postgres/timed-dialect.js';
import type { Schema } from '#store/schema.js';
import type { Tx } from '#store/store.js';
import { runAhead, writeBatchWith } from './batch.js';

/** A connection that answers nothing until it is told to. */
class SilentClient {
  readonly sent: string[] = [];
  readonly #unanswered: ((result: object) => void)[] = [];
  readonly connection = { stream: { writableCorked: 1 } };

  query({ text }: { text: string }): Promise<object> {
    this.sent.push(text.split(';', 1)[0] ?? '');
    return new Promise((resolve) => this.#unanswered.push(resolve));
  }

  /** Answers what was sent by now, in order; as many locks as were asked for are had. */
  answer(): void {
    for (const resolve of this.#unanswered.splice(0)) resolve({ command: 'SELECT', rows: [{ lock: 'number:1', had: true, n: 1 }] });
  }

  release(): void {}
}

describe('what prepares a batch', () => {
  const client = { current: new SilentClient() };
  let db: Kysely<Schema>;
  beforeEach(() => {
    client.current = new SilentClient();
    const pool = { connect: async () => client.current, end: async () => undefined } as unknown as pg.Pool;
    db = new Kysely<Schema>({ dialect: new TimedDialect(pool, { statementMs: 1_000, lockMs: 1_000, idleMs: 1_000 }) });
  });

  const select = (tx: Tx, n: number): CompiledQuery<{ n: number }> => sql<{ n: number }>`select ${sql.lit(n)} as n`.compile(tx);
  const settled = async (): Promise<void> => {
    for (let turns = 0; turns < 5; turns += 1) await setImmediate();
  };

  it('is sent with the beginning and the locks, before any answer', async () => {
    const prepare = async (tx: Tx) => {
      const rows = await Promise.all([1, 2, 3].map((n) => runAhead(tx, select(tx, n))));
      return rows.flat().length;
    };
    const written = writeBatchWith(db, ['number:1'], { prepare, apply: async (_tx, n) => n });
    await settled();
    const sent = ['begin', expect.stringContaining('pg_try_advisory_xact_lock'), 'select 1 as n', 'select 2 as n', 'select 3 as n'];
    expect(client.current.sent).toEqual(sent);
    client.current.answer();
    await settled();
    expect(client.current.sent).toEqual([...sent, 'commit']);
    client.current.answer();
    expect((await written).written?.result).toBe(3);
  });

  it('is not sent once its transaction has ended: nothing of it would be undone', async () => {
    const late = Promise.withResolvers<void>();
    const tooLate = Promise.withResolvers<unknown>();
    const failed = db.transaction().execute(async (tx) => {
      void late.promise.then(() => runAhead(tx, select(tx, 1))).catch(tooLate.resolve);
      throw new Error('not today');
    });
    failed.catch(() => undefined);
    await settled();
    late.resolve();
    expect(await tooLate.promise).toEqual(new Error('a statement was sent ahead after its transaction had ended'));
    expect(client.current.sent).toEqual(['begin', 'rollback']);
    client.current.answer();
    await expect(failed).rejects.toThrow('not today');
  });
});
