import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Cursor } from '../cursor.js';

export const INSERT_EVENTS = `insert into events (type, subject, sequence, occurred_at, data)
  select 'call.updated', $1, n, 0, '{}' from generate_series(1, $2::int) n returning xid, id`;

/** Ends a transaction that has inserted events. @returns whether they are committed */
type Fate = (writer: FloorWriter) => Promise<boolean>;

const commits: Fate = async ({ client }) => {
  await client.query('commit');
  return true;
};

const FATES: Record<number, Fate> = {
  0: async (writer) => {
    await pause(10);
    return commits(writer);
  },
  1: async (writer) => {
    await writer.client.query('savepoint part');
    await writer.client.query(INSERT_EVENTS, ['lost', 3]);
    await writer.client.query('rollback to part');
    return commits(writer);
  },
  2: (writer) => writer.beEnded(),
  3: (writer) => writer.prepare(),
  4: async (writer) => {
    await pause(30);
    return commits(writer);
  },
  5: async ({ client }) => {
    await client.query('rollback');
    return false;
  },
};

/** Writes events in transactions of its own, each of which ends in another way. */
export class FloorWriter {
  readonly committed: Cursor[] = [];

  constructor(
    public client: pg.Client,
    private readonly killer: pg.Client,
    private readonly connect: () => Promise<pg.Client>,
    private readonly name: string,
    /** Whether the server allows prepared transactions; where it does not, they commit. */
    private readonly prepares: boolean,
  ) {}

  async write(transactions: number, choose: (i: number) => number): Promise<void> {
    for (let i = 0; i < transactions; i += 1) {
      await this.client.query('begin');
      const { rows } = await this.client.query(INSERT_EVENTS, [this.name, 1 + (i % 4)]);
      const isCommitted = await (FATES[choose(i)] ?? commits)(this);
      if (isCommitted) this.committed.push(...rows.map(({ xid, id }) => ({ xid: Number(xid), id: Number(id) })));
    }
  }

  async beEnded(): Promise<boolean> {
    const { rows } = await this.client.query('select pg_backend_pid() as pid');
    await this.killer.query('select pg_terminate_backend($1)', [rows[0].pid]);
    this.client = await this.connect();
    return false;
  }

  async prepare(): Promise<boolean> {
    if (!this.prepares) return commits(this);
    const id = `'${this.name}_${this.committed.length}'`;
    await this.client.query(`prepare transaction ${id}`);
    await pause(5);
    await this.client.query(`commit prepared ${id}`);
    return true;
  }
}
