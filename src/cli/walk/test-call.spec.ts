import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BesideGateway, NOWHERE } from '#cli/terminal/beside-gateway.fixture.js';
import type { World } from '../../../test/world.js';
import { builtInOffer } from './offer.js';
import { testCallCommand } from './test-call.command.js';

const [ANA, BETO, CARLA, DIEGO, INES, LUIS] = [
  '5215512340001',
  '5215512340002',
  '5215512340003',
  '5215512340004',
  '5215512340009',
  '5215512340012',
];

describe('npm run test-call', () => {
  let beside: BesideGateway;
  let world: World;
  beforeEach(async () => {
    beside = await BesideGateway.open();
    world = beside.world;
  });
  afterEach(() => beside.close());

  const open = (env?: Record<string, string>) => beside.terminal(env);
  const dials = () => world.simulator.context.calls.all().length;
  const called = async (...args: string[]) => {
    const terminal = open();
    const exit = await terminal.type(testCallCommand, '--json', ...args);
    return {
      exit,
      report: terminal.document<{
        steps: string[];
        states: string[];
        call: { outcome: string } | null;
        problem: { code: string } | null;
      }>(),
    };
  };

  it('walks through both steps, talks for 5 s and hangs up', async () => {
    const { exit, report } = await called('--to', ANA);
    expect(report.states).toEqual(['awaiting_permission', 'ready', 'dialing', 'ringing', 'in_progress', 'ended']);
    expect(report.steps).toEqual(
      expect.arrayContaining(['step_one', 'asked', 'held', 'step_two', 'dialing', 'ringing', 'in_progress', 'hanging_up', 'answered']),
    );
    expect([exit, report.call?.outcome]).toEqual([0, 'answered']);
  });

  it('narrates for people, in their language', async () => {
    const terminal = open();
    expect(await terminal.type(testCallCommand, '--to', '+52 1 55 1234 0001', '--lang', 'es')).toBe(0);
    expect(terminal.out).toMatch(/Paso 1[\s\S]*Paso 2[\s\S]*El teléfono suena[\s\S]*Contestaron la llamada y terminó \(\d+ s/);
  });

  it.each([
    [BETO, 'permission_denied'],
    [DIEGO, 'rejected'],
    [CARLA, 'no_answer'],
  ])('tells how it went with %s: %s', async (to, outcome) => {
    const { exit, report } = await called('--to', to);
    expect([exit, report.call?.outcome, report.steps.at(-1)]).toEqual([1, outcome, outcome]);
  });

  it('explains a call that failed with its cause and remedy', async () => {
    const terminal = open();
    expect(await terminal.type(testCallCommand, '--to', LUIS)).toBe(1);
    expect(terminal.out).toMatch(/The call failed\.\n {2}Cause: .*\(no_media_received\)\n {2}What to do: /);
  });

  it('explains a refusal, and leaves no call behind', async () => {
    world.simulator.context.number.calling.status = 'DISABLED';
    const { exit, report } = await called('--to', ANA);
    expect([exit, report.problem?.code, dials()]).toEqual([1, 'calling_disabled', 0]);
  });

  it('cancels a call when the user does not answer the request', async () => {
    const { exit, report } = await called('--to', INES, '--wait', '3');
    expect([exit, report.call?.outcome, report.steps.includes('timed_out')]).toEqual([1, 'canceled', true]);
  });

  it('ends the call when it is interrupted', async () => {
    const terminal = open();
    terminal.pause = async (ms) => {
      await world.pass(ms / 1_000);
      if (terminal.out.includes('Answered.')) terminal.stop.abort();
    };
    expect(await terminal.type(testCallCommand, '--to', ANA)).toBe(130);
    expect(world.simulator.context.calls.live()).toEqual([]);
  });

  it('--dry-run only asks whether it may, and sends nothing', async () => {
    const terminal = open();
    expect(await terminal.type(testCallCommand, '--to', ANA, '--dry-run')).toBe(0);
    expect(terminal.out).toContain('may be asked');
    expect((await world.get('/api/calling/calls')).body.data).toEqual([]);
  });

  it('takes an offer from a file, and refuses one that is none before anything is sent', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'offer-'));
    const [good, bad] = [join(folder, 'good.json'), join(folder, 'bad.sdp')];
    await Promise.all([writeFile(good, JSON.stringify(builtInOffer())), writeFile(bad, 'v=1')]);
    expect((await called('--to', ANA, '--offer', good)).exit).toBe(0);
    for (const file of [bad, join(folder, 'none')]) expect(await open().type(testCallCommand, '--to', ANA, '--offer', file)).toBe(64);
    await rm(folder, { recursive: true });
  });

  it('needs a person, a key and a gateway', async () => {
    expect(await open().type(testCallCommand)).toBe(64);
    expect(await open({ GATEWAY_API_KEY: '' }).type(testCallCommand, '--to', ANA)).toBe(64);
    expect(await open().type(testCallCommand, '--to', ANA, '--url', NOWHERE)).toBe(69);
  });
});
