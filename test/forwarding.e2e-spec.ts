import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { diagnoseCommand } from '#cli/diagnosis/diagnose.command.js';
import { forwardsCommand } from '#cli/forwards/forwards.command.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { Box } from '#delivery/forwarding/forward-target.fixture.js';
import { ForwardingWorker } from '#delivery/forwarding/forwarding.worker.js';
import { engines } from '#store/temporary-database.fixture.js';
import { World } from './world.js';

const PRIVATE = 'the words of +52 1 55 1234 0001';

describe.each(engines)('forwarding to a target that refuses a message, on %s', (engine) => {
  let world: World;
  let box: Box;
  beforeEach(async () => {
    box = await new Box().open();
    box.statusOf = (body) => (body.includes(PRIVATE) ? 422 : 200);
    world = await World.open({ engine, env: { WEBHOOK_FORWARD_URL: `${box.url}?token=secret-of-the-crm` } });
    await pass(1);
  });
  afterEach(async () => {
    await world.close();
    box.close();
  });

  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await world.pass(1);
      await world.app.get(ForwardingWorker).drain();
    }
  };
  const refused = async () => {
    await world.deliver({ note: PRIVATE });
    await world.ring('fede');
    await pass(30);
  };
  const setAside = async () => (await world.get('/api/forwarding/set-aside')).body;
  const type = async (...args: string[]) => {
    const { database } = world;
    const terminal = new FakeTerminal({ DATABASE_URL: database.kind === 'sqlite' ? `sqlite:${database.path}` : database.url.reveal() });
    return { exit: await terminal.type(forwardsCommand, ...args), terminal };
  };

  it('passes on the call that rings behind it, and shows what is set aside, without a word of it', async () => {
    await refused();
    expect(box.bodies.filter((body) => body.includes('"connect"'))).toHaveLength(1);
    const list = await setAside();
    expect(list).toEqual({
      data: [
        {
          id: expect.any(Number),
          state: 'set_aside',
          received_at: expect.stringMatching(/^2026-/),
          attempts: 3,
          response_status: 422,
          first_refused_at: expect.stringMatching(/^2026-/),
          last_refused_at: expect.stringMatching(/^2026-/),
        },
      ],
      next_cursor: null,
    });
    const { forwarding } = (await world.get('/api/calling/status')).body;
    expect(forwarding).toEqual({ target: new URL(box.url).origin, pending: 0, oldest_received_at: null, held_until: null, set_aside: 1 });
    expect(JSON.stringify([list, forwarding])).not.toMatch(/secret-of-the-crm|words of/);
  });

  it('is told by readiness, which stays ready', async () => {
    await refused();
    await world.get('/health/ready');
    await world.get('/api/calling/status');
    const ready = await world.get('/health/ready');
    expect([ready.status, ready.body]).toMatchObject([200, { status: 'ok', forwarding: { oldest_age_seconds: 0, set_aside: 1 } }]);
  });

  it('is a warning of diagnose, and so is a target that takes nothing for two minutes', async () => {
    const diagnosed = async (...args: string[]) => {
      const terminal = new FakeTerminal({ GATEWAY_URL: world.url, GATEWAY_API_KEY: World.KEY });
      terminal.clock = world.clock;
      await terminal.type(diagnoseCommand, '--json', ...args);
      return terminal.document<{ findings: Array<{ name: string }> }>().findings.find(({ name }) => name === 'forwarding');
    };
    expect(await diagnosed()).toMatchObject({ verdict: 'pass', value: new URL(box.url).origin });
    await refused();
    expect(await diagnosed('--lang', 'es')).toMatchObject({
      verdict: 'warning',
      value: 1,
      remedy: expect.stringContaining('npm run forwards'),
    });
    box.statusOf = () => 200;
    await world.post('/api/forwarding/replay', { all: true });
    await pass(1);
    box.statusOf = () => 503;
    await world.deliver({ note: 'waits' });
    await pass(130);
    expect(await diagnosed()).toMatchObject({ verdict: 'warning', value: expect.any(Number), cause: expect.stringContaining('2026-') });
  });

  it('is posted once more over REST, by id or all, and recorded in the audit', async () => {
    await refused();
    const { id } = (await setAside()).data[0];
    expect((await world.post('/api/forwarding/replay', { ids: [id, 999_999] })).body).toEqual({ replaying: [id], not_found: [999_999] });
    await pass(1);
    expect((await setAside()).data).toMatchObject([{ id, state: 'set_aside', attempts: 4 }]);
    box.statusOf = () => 200;
    const answer = await world.post('/api/forwarding/replay', { all: true });
    expect([answer.status, answer.body]).toEqual([202, { replaying: [id], not_found: [] }]);
    await pass(1);
    expect((await setAside()).data).toEqual([]);
    expect(box.bodies.at(-1)).toContain(PRIVATE);
    expect((await world.get('/api/audit')).body.data).toContainEqual(
      expect.objectContaining({ action: 'POST /api/forwarding/replay', status: 202 }),
    );
  });

  it.each([{}, { ids: [] }, { ids: [0] }, { ids: ['1'] }, { ids: [1], all: true }, { all: false }])('refuses %j', async (body) => {
    const answer = await world.post('/api/forwarding/replay', body);
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid_request']);
    expect(answer.body.errors[0].field).toMatch(/^ids/);
  });

  it('is posted once more from the command line', async () => {
    await refused();
    const [one] = (await type('list', '--json')).terminal.document<Array<{ id: number }>>();
    expect(one).toMatchObject({ state: 'set_aside', attempts: 3, response_status: 422 });
    const shown = (await type('list')).terminal.out;
    expect(shown).toMatch(/3 attempts, the last at 2026-.*: HTTP 422/);
    expect(shown).not.toContain(PRIVATE);
    box.statusOf = () => 200;
    const { terminal, exit } = await type('replay', String(one?.id), '999999', '--json');
    expect([exit, terminal.document()]).toEqual([1, { replaying: [one?.id], not_found: [999_999] }]);
    await pass(1);
    expect((await type('list', '--lang', 'es')).terminal.out).toBe('El destino no ha rechazado ninguna entrega.\n');
    expect((await type('replay', '--all')).exit).toBe(0);
    for (const args of [['sing'], ['replay'], ['replay', 'x'], ['replay', '1', '--all'], ['list', '1']])
      expect([args, (await type(...args)).exit]).toEqual([args, 64]);
  });
});

describe('without a forward target', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.close());

  it('nothing is set aside, and a replay says why there is none', async () => {
    expect((await world.get('/api/calling/status')).body.forwarding).toBeNull();
    expect((await world.get('/health/ready')).body).toMatchObject({ status: 'ok', forwarding: null });
    expect((await world.get('/api/forwarding/set-aside')).body).toEqual({ data: [], next_cursor: null });
    const answer = await world.post('/api/forwarding/replay', { all: true });
    expect([answer.status, answer.body.code]).toEqual([409, 'forwarding_off']);
    expect(answer.body.remedy).toContain('WEBHOOK_FORWARD_URL');
  });
});
