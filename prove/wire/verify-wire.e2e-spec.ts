import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '#cli/terminal/run.js';
import { Settings } from '#config/settings.js';
import { World } from '../../test/world.js';
import { ALL_IDS } from './claims.ts';
import type { Confirm } from './confirm.ts';
import { verifyWire } from './verify-wire.command.ts';

const [ANA, BETO, CARLA, DIEGO] = ['5215512340001', '5215512340002', '5215512340003', '5215512340004'];
const KEY = 'world-key-0123456789-abcdefghijklmnop';

interface Told {
  exit: number;
  out: string;
  err: string;
}

describe('npm run verify-wire', () => {
  let world: World;
  let folder: string;
  beforeEach(async () => {
    world = await World.open();
    folder = await mkdtemp(join(tmpdir(), 'verify-wire-'));
  });
  afterEach(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });

  const run = async (args: string[], env: Record<string, string> = {}, confirm?: Confirm): Promise<Told> => {
    const told: Told = { exit: -1, out: '', err: '' };
    const { dialog360 } = world.app.get(Settings);
    told.exit = await runCommand(
      verifyWire(() => confirm),
      args,
      {
        env: { GATEWAY_URL: world.url, API_KEY: KEY, D360_API_KEY: dialog360.apiKey.reveal(), D360_BASE_URL: dialog360.baseUrl, ...env },
        clock: world.clock,
        stdout: { write: (text: string) => (told.out += text) },
        stderr: { write: (text: string) => (told.err += text) },
        readStdin: async () => '',
        pause: (ms) => world.pass(ms / 1_000),
        interruption: () => new AbortController().signal,
      },
    );
    return told;
  };

  const verdicts = ({ out }: Told): Record<string, string> =>
    Object.fromEntries(JSON.parse(out).assumptions.map(({ id, verdict }: { id: string; verdict: string }) => [id, verdict]));
  const dialled = async () => (await world.get('/api/calling/calls')).body.data;

  it('without --to reads, provokes harmless refusals, and neither asks nor rings anybody', async () => {
    const told = await run(['--yes', '--json']);
    const found = verdicts(told);
    expect(Object.keys(found)).toEqual(ALL_IDS);
    expect(Object.values(found)).not.toContain('does_not_hold');
    expect(found).toMatchObject({
      W01: 'holds',
      W02: 'holds',
      W03: 'holds',
      W25: 'holds',
      W31: 'holds',
      W48: 'holds',
      W59: 'holds',
      W63: 'holds',
    });
    expect(found).toMatchObject({ W69: 'holds', W75: 'holds', W76: 'holds', W30: 'holds', W04: 'could_not_tell', W51: 'could_not_tell' });
    expect(told.exit).toBe(0);
    expect(await dialled()).toEqual([]);
  });

  it('asks a person, waits for the reply, and sees that it names its request', async () => {
    await world.greet();
    const found = verdicts(await run(['--yes', '--json', '--to', ANA]));
    expect(found).toMatchObject({ W34: 'holds', W35: 'holds', W36: 'holds', W37: 'holds' });
  });

  it('rings who answers: what comes before the answer, how long it lasts, and that it resets the count of requests', async () => {
    await world.greet();
    const found = verdicts(await run(['--yes', '--json', '--to', `+${ANA}`]));
    expect(found).toMatchObject({ W04: 'holds', W08: 'holds', W09: 'holds', W10: 'holds', W18: 'holds', W19: 'holds', W20: 'holds' });
    expect(found).toMatchObject({ W38: 'holds', W43: 'holds', W53: 'holds', W16: 'could_not_tell', W17: 'could_not_tell' });
    expect(Object.values(found)).not.toContain('does_not_hold');
  });

  it('rings who never answers: COMPLETED, without times, before our own deadline', async () => {
    world.allow(CARLA);
    const told = await run(['--yes', '--json', '--to', CARLA]);
    expect(verdicts(told)).toMatchObject({ W11: 'holds', W16: 'holds', W17: 'could_not_tell', W19: 'could_not_tell', W18: 'holds' });
    expect(told.out).toContain('terminate: status=COMPLETED duration=absent');
  });

  it('rings who declines: REJECTED and then terminate', async () => {
    world.allow(DIEGO);
    expect(verdicts(await run(['--yes', '--json', '--to', DIEGO]))).toMatchObject({ W17: 'holds', W16: 'could_not_tell' });
  });

  it('leaves no call behind, whatever the person did', async () => {
    await world.greet();
    await run(['--yes', '--json', '--to', ANA]);
    expect((await dialled()).filter(({ state }: { state: string }) => state !== 'ended')).toEqual([]);
    expect(world.simulator.context.calls.live()).toEqual([]);
  });

  it('rings nobody who has refused', async () => {
    await world.greet();
    const found = verdicts(await run(['--yes', '--json', '--to', BETO]));
    expect(found).toMatchObject({ W34: 'holds', W04: 'could_not_tell' });
    expect((await dialled()).filter(({ dialed_at }: { dialed_at: string | null }) => dialed_at)).toEqual([]);
  });

  it('asks before each step; a no skips it, a quit skips the rest', async () => {
    const questions: string[] = [];
    const confirm: Confirm = async (question) => (questions.push(question) < 2 ? 'no' : 'quit');
    const told = await run(['--json', '--to', ANA], {}, confirm);
    expect(new Set(Object.values(verdicts(told)))).toEqual(new Set(['could_not_tell']));
    expect([questions.length, told.exit]).toEqual([2, 2]);
    expect(await dialled()).toEqual([]);
  });

  it.each([
    ['calling is off', { calling: { status: 'DISABLED' } }],
    ['SIP is on', { calling: { sip: { status: 'ENABLED' } } }],
  ])('blames no assumption for a refusal of another cause: %s', async (_, how) => {
    Object.assign(world.simulator.context.number.calling, how.calling);
    const told = await run(['--yes', '--json', '--to', CARLA]);
    expect(Object.values(verdicts(told))).not.toContain('does_not_hold');
    expect(told.exit).toBe(2);
  });

  it('blames no assumption for a key that 360dialog refuses', async () => {
    const told = await run(['--yes', '--json'], { D360_API_KEY: 'another-key' });
    expect([Object.values(verdicts(told)).includes('does_not_hold'), told.exit]).toEqual([false, 2]);
  });

  it('says in Spanish which assumption does not hold, and ends with 1', async () => {
    world.fault('settings.read', { times: null, instead: { status: 200, body: { calling: { status: 'SOMETIMES' } } } });
    const told = await run(['--yes', '--lang', 'es']);
    expect(told.exit).toBe(1);
    expect(told.out).toMatch(/✗ W59 calling\.status es ENABLED, DISABLED o NOT_SET: no se cumple/);
    expect(told.out).toContain('status=SOMETIMES');
  });

  it('keeps the report in a file, without keys and numbers', async () => {
    await world.greet();
    const file = join(folder, 'wire.json');
    const told = await run(['--yes', '--to', ANA, '--out', file]);
    const report = await readFile(file, 'utf8');
    expect(JSON.parse(report)).toMatchObject({ with_person: true, mode: 'live', summary: { does_not_hold: 0 } });
    for (const text of [report, told.out]) {
      expect(text).not.toContain(ANA);
      expect(text).not.toContain(KEY);
      expect(text).not.toMatch(/\d{8,}/);
    }
  });

  it('without the key of 360dialog still tells what the gateway knows', async () => {
    await world.greet();
    await world.pass(2);
    const found = verdicts(await run(['--yes', '--json'], { D360_API_KEY: '' }));
    expect(found).toMatchObject({ W49: 'holds', W59: 'could_not_tell' });
  });

  it('ends with 64 where nobody can be asked, for a wrong number, and with 69 without a gateway', async () => {
    expect((await run([])).exit).toBe(64);
    expect((await run(['--yes', '--to', 'ana'])).exit).toBe(64);
    expect((await run(['--yes', '--url', 'http://127.0.0.1:9'])).exit).toBe(69);
    expect((await run(['--help', '--lang', 'es'])).out).toMatch(/^Uso: npm run verify-wire/);
  });

  it('with a key that may not read says so', async () => {
    const told = await run(['--yes', '--key', 'wac_wrong_key_0123456789']);
    expect(told.exit).toBe(1);
  });
});
