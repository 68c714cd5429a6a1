import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inboxCommand } from '#cli/inbox/inbox.command.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { InboxService } from '#inbox/inbox.service.js';
import { InboxWorker } from '#inbox/inbox.worker.js';
import { engines } from '#store/temporary-database.fixture.js';
import { World } from './world.js';

const PRIVATE = 'the words of +52 1 55 1234 0001';

describe.each(engines)('npm run inbox beside a gateway, on %s', (engine) => {
  let world: World;
  let broken: boolean;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.greet();
    broken = true;
    world.app.get(InboxService).on(['call.connect'], async () => {
      if (broken) throw new TypeError(`cannot read ${PRIVATE}`);
      return undefined;
    });
    await world.ring('fede');
    for (let time = 0; time < 8; time += 1) await world.app.get(InboxWorker).drain();
  });
  afterEach(() => world.close());

  const type = async (...args: string[]) => {
    const { database } = world;
    const terminal = new FakeTerminal({ DATABASE_URL: database.kind === 'sqlite' ? `sqlite:${database.path}` : database.url.reveal() });
    return { exit: await terminal.type(inboxCommand, ...args), terminal };
  };
  const listed = async () => (await type('list', '--json')).terminal.document<{ id: number; attempts: number; faults: object[] }[]>();
  const ringing = async () => (await world.get('/api/calling/calls?state=ringing')).body.data;

  it('lists what was set aside with its reason, and with nothing of what it says', async () => {
    const [delivery, ...more] = await listed();
    expect(more).toEqual([]);
    expect(delivery).toMatchObject({ id: expect.any(Number), attempts: 5, received_at: expect.stringMatching(/^2026-/) });
    expect(delivery?.faults).toEqual([{ field: 'calls', fault: expect.stringMatching(/^TypeError/) }]);
    const { terminal, exit } = await type('list');
    expect([exit, terminal.out.includes(PRIVATE), terminal.out.includes(String(delivery?.id))]).toEqual([0, false, true]);
  });

  it('has all of them tried again', async () => {
    expect(await ringing()).toEqual([]);
    broken = false;
    expect((await type('retry', '--all')).exit).toBe(0);
    await world.app.get(InboxWorker).drain();
    expect(await ringing()).toHaveLength(1);
    expect(await listed()).toEqual([]);
    expect((await type('list', '--lang', 'es')).terminal.out).toBe('Ninguna entrega está apartada.\n');
  });

  it('has one tried again by its id, which is set aside again while its fault lasts', async () => {
    const [delivery] = await listed();
    const { terminal, exit } = await type('retry', String(delivery?.id), '999999', '--json');
    expect([exit, terminal.document()]).toEqual([1, { retried: [delivery?.id], not_found: [999_999] }]);
    expect(await listed()).toEqual([]);
    for (let time = 0; time < 8; time += 1) await world.app.get(InboxWorker).drain();
    expect(await listed()).toHaveLength(1);
  });

  it('refuses what is no verb, before it opens anything', async () => {
    for (const args of [['sing'], ['retry'], ['retry', 'x'], ['retry', '1', '--all'], ['list', '1']])
      expect([args, (await type(...args)).exit]).toEqual([args, 64]);
  });
});

describe('npm run inbox without a database', () => {
  it('says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inbox-'));
    const terminal = new FakeTerminal({ DATABASE_URL: `sqlite:${join(folder, 'none.db')}` });
    expect(await terminal.type(inboxCommand, 'list')).toBe(1);
    expect(terminal.err).toMatch(/no database of a gateway/);
    rmSync(folder, { recursive: true });
  });
});
