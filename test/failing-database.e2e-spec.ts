import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { answer, offer } from './sdp.js';
import { type Body, type Reply, World } from './world.js';

/** Each run costs a second or so: of the statements of a use case so many fail, evenly spread; 1,000 means all of them. */
const MOST_RUNS = Number(process.env.FAILING_STATEMENTS ?? 16);

/**
 * The n-th statement since it was armed fails as a bad disk makes it fail, `begin` and `commit` included; then all is well
 * again. Nothing of SQLite is replaced: each statement is only asked first.
 */
const disk = {
  failsAt: Number.POSITIVE_INFINITY,
  statements: 0,
  ask(): void {
    disk.statements += 1;
    if (disk.statements === disk.failsAt) throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
  },
  arm(n: number): void {
    disk.statements = 0;
    disk.failsAt = n;
  },
};

beforeAll(() => {
  const { prepare } = Sqlite.prototype;
  Sqlite.prototype.prepare = function prepareWatched(this: Sqlite.Database, source: string) {
    const statement = prepare.call(this, source);
    for (const name of ['run', 'all', 'get'] as const) {
      const work = statement[name].bind(statement) as (...parameters: unknown[]) => unknown;
      Object.defineProperty(statement, name, {
        value: (...parameters: unknown[]) => {
          disk.ask();
          return work(...parameters);
        },
      });
    }
    return statement;
  } as typeof prepare;
});

/** A client that tries again while it is told to; the last answer, or null when none came. */
async function persist(ask: () => Promise<Reply>): Promise<Reply | null> {
  let last: Reply | null = null;
  for (let attempt = 0; attempt < 3; attempt += 1) {
    last = await ask().catch(() => null);
    if (last && last.status < 500 && last.status !== 409) return last;
  }
  return last;
}

describe('whichever statement of the database fails', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
    await world.greet();
  });
  afterEach(() => world.close());

  /** Every event of a call in order, none missing; and what the log says agrees with the last of them. */
  const isTold = async (call: Body) => {
    const events = (await world.events()).filter(({ subject }) => subject === call.id);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
    expect(events.at(-1)?.data).toMatchObject({ state: call.state, outcome: call.outcome });
  };
  const ringing = async (who: string): Promise<Body> => {
    const user = world.simulator.context.users.meet(who);
    if (!user) throw new Error(`nobody is called ${who}`);
    world.simulator.callSimulation.callIn(user, { giveUpAfterSeconds: 50 });
    await world.settle();
    const listed = await persist(() => world.get('/api/calling/calls?state=ringing'));
    return listed?.body.data[0];
  };

  /** One whole use case with its n-th statement failing. @returns how many statements it took */
  const USE_CASES: Record<string, (n: number) => Promise<number>> = {
    'a call that comes in, is accepted and ends': async (n) => {
      disk.arm(n);
      const call = await ringing('fede');
      const took = disk.statements;
      // The delivery itself may have been refused; 360dialog then delivers again, here after a while.
      const shown =
        call ?? (await world.pass(30).then(async () => (await persist(() => world.get('/api/calling/calls?limit=1')))?.body.data[0]));
      expect(shown).toMatchObject({ direction: 'inbound' });
      await persist(() => world.do('accept', { call_id: shown.call_id, session: answer() }, { 'idempotency-key': `accept-${n}` }));
      await world.pass(5);
      await persist(() => world.do('terminate', { id: shown.id }));
      disk.arm(Number.POSITIVE_INFINITY);
      await world.pass(90);
      const ended = await world.call(shown.id);
      expect(ended).toMatchObject({ state: 'ended' });
      await isTold(ended);
      return Math.max(took, disk.statements);
    },
    'a dial that is answered': async (n) => {
      world.allow('5215512340001');
      const before = world.simulator.context.calls.all().length;
      disk.arm(n);
      const dial = () => world.do('make-call', { to: '5215512340001', session: offer() }, { 'idempotency-key': `dial-${n}` });
      const made = await persist(dial);
      const took = disk.statements;
      disk.arm(Number.POSITIVE_INFINITY);
      expect([n, made?.status]).toEqual([n, expect.any(Number)]);
      await world.pass(150);
      const dials = world.simulator.context.calls.all().length - before;
      expect([n, dials <= 1]).toEqual([n, true]);
      if (dials === 0 && (made?.status ?? 500) >= 300) return took;
      // Whoever was told of a call finds it, and it is over. Who was left without an answer, or was told that the request is
      // still running, gets it with the same key later on.
      const told = made && made.status < 300 ? made : await dial();
      expect([n, made?.status, told.status]).toEqual([n, expect.any(Number), expect.any(Number)]);
      const call = await world.call(told.body.id);
      expect([n, told.body.code, call.state]).toEqual([n, undefined, 'ended']);
      await isTold(call);
      return took;
    },
  };

  it.each(Object.keys(USE_CASES))(
    '%s: at most once, told in order, and over in the end',
    async (name) => {
      const useCase = USE_CASES[name];
      if (!useCase) throw new Error(name);
      const statements = await useCase(Number.POSITIVE_INFINITY);
      expect(statements).toBeGreaterThan(20);
      const step = Math.ceil(statements / MOST_RUNS);
      for (let n = 1; n <= statements; n += step) await useCase(n);
    },
    600_000,
  );
});
