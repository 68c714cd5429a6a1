import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BesideGateway, NOWHERE } from '#cli/terminal/beside-gateway.fixture.js';
import { builtInOffer } from '#cli/walk/offer.js';
import type { World } from '../../../test/world.js';
import { diagnoseCommand } from './diagnose.command.js';
import type { DiagnosisReport } from './finding.js';

const [ANA, INES] = ['5215512340001', '5215512340009'];
/** Nothing listens on it: the system gives no process a port above 61000. */
const CLOSED = 'http://127.0.0.1:61999';

describe('the gates of npm run diagnose', () => {
  let beside: BesideGateway;
  let world: World;
  beforeEach(async () => {
    beside = await BesideGateway.open();
    world = beside.world;
  });
  afterEach(() => beside.close());

  const open = (env?: Record<string, string>) => beside.terminal(env);
  const alone = () => beside.own;
  /** A call has just been heard of, which proves that webhooks arrive. */
  const callOnce = async () => {
    world.allow(ANA);
    await world.do('make-call', { to: ANA, session: builtInOffer() });
    await world.pass(40);
    world.allow(ANA, null);
  };
  const diagnosed = async (args: string[] = [], env: Record<string, string> = {}) => {
    const terminal = open(env);
    const exit = await terminal.type(diagnoseCommand, '--json', ...args);
    const diagnosis = terminal.document<DiagnosisReport>();
    return { exit, diagnosis, gate: (name: string) => diagnosis.findings.find((one) => one.name === name), progress: terminal.err };
  };
  /** Gates that do not pass and do not say why, or what to do. */
  const unexplained = ({ findings }: DiagnosisReport) =>
    findings.filter(({ verdict, cause, remedy }) => verdict !== 'pass' && (cause === null || remedy === null)).map(({ name }) => name);
  const dials = () => world.simulator.context.calls.all().length;
  /** The environment of the gateway itself, for a diagnosis without it. */

  it('reports through the gateway that calls are possible, gate by gate, with progress', async () => {
    await callOnce();
    const { exit, diagnosis, gate, progress } = await diagnosed();
    expect(diagnosis.findings.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
    expect([exit, diagnosis.verdict, diagnosis.gateway]).toEqual([0, 'fine', world.url]);
    for (const name of ['configuration', 'gateway', 'reachability', 'key', 'calling_enabled', 'sip_disabled', 'restriction', 'clock'])
      expect([name, gate(name)?.verdict]).toEqual([name, 'pass']);
    for (const name of ['webhook', 'webhook_token', 'callback_permission', 'call_hours', 'health', 'messaging_limit'])
      expect(gate(name)?.name).toBe(name);
    expect(progress.split('\n').length).toBeGreaterThan(4);
    expect(unexplained(diagnosis)).toEqual([]);
  });

  it('names the reason first of all: calling is off', async () => {
    world.simulator.context.number.calling.status = 'DISABLED';
    const { exit, diagnosis, gate } = await diagnosed();
    expect([exit, diagnosis.verdict, gate('calling_enabled')?.code]).toEqual([1, 'blocked', 'calling_disabled']);
    expect(diagnosis.headline).toContain(String(gate('calling_enabled')?.cause));
    expect(diagnosis.headline).toContain(String(gate('calling_enabled')?.remedy));
  });

  it('reports on a user too, and sends the user nothing', async () => {
    const { diagnosis, gate } = await diagnosed(['--to', INES]);
    expect(gate('permission')).toMatchObject({ verdict: 'fail', code: 'permission_required' });
    expect(diagnosis.verdict).toBe('blocked');
    expect(dials()).toBe(0);
  });

  it('speaks Spanish', async () => {
    const terminal = open();
    await terminal.type(diagnoseCommand, '--lang', 'es');
    expect(terminal.out).toMatch(/✓ Llamadas activadas/);
  });

  it('asks 360dialog itself with --alone, and comes to the same gates', async () => {
    const { exit, diagnosis, gate } = await diagnosed(['--alone', '--to', ANA], alone());
    expect(diagnosis.gateway).toBeNull();
    for (const name of ['configuration', 'reachability', 'key', 'calling_enabled', 'sip_disabled', 'restriction', 'webhook_token', 'clock'])
      expect([name, gate(name)?.verdict]).toEqual([name, name === 'clock' ? gate(name)?.verdict : 'pass']);
    expect(gate('permission')).toMatchObject({ verdict: 'warning', code: 'permission_required' });
    expect(unexplained(diagnosis)).toEqual([]);
    expect(exit).toBe(0);
  });

  it('goes alone when no gateway answers, and says so', async () => {
    const { gate, diagnosis } = await diagnosed(['--url', NOWHERE], alone());
    expect(gate('gateway')).toMatchObject({ verdict: 'warning', direction: 'inbound' });
    expect(gate('key')?.verdict).toBe('pass');
    expect(diagnosis.verdict).toBe('fine');
  });

  it('goes alone when the gateway refuses the key, and says so', async () => {
    const { gate, exit, diagnosis } = await diagnosed(['--key', 'nobody-knows-this-key'], alone());
    expect(gate('gateway')).toMatchObject({ verdict: 'fail', code: 'unauthenticated' });
    expect([exit, diagnosis.verdict]).toEqual([77, 'unauthorized']);
    expect(diagnosis.headline).toMatch(/^This command has no right to ask the gateway: .* Nothing refuses your calls now\.$/);
    const without = await diagnosed([], { GATEWAY_API_KEY: '' });
    expect([without.exit, without.diagnosis.verdict]).toEqual([77, 'unauthorized']);
    world.simulator.context.number.calling.status = 'DISABLED';
    const blocked = await diagnosed(['--key', 'nobody-knows-this-key', '--lang', 'es'], alone());
    expect([blocked.exit, blocked.diagnosis.verdict]).toEqual([1, 'blocked']);
    expect(blocked.diagnosis.headline).toMatch(
      /^Este comando no tiene derecho a consultar el gateway: .* Por qué se rechazan sus llamadas: /,
    );
  });

  it('alone names a refused key, and a webhook that points elsewhere', async () => {
    const refused = await diagnosed(['--alone'], { ...alone(), D360_API_KEY: 'another-key' });
    expect([refused.exit, refused.gate('key')?.code]).toEqual([1, 'upstream_key_rejected']);
    expect(refused.diagnosis.headline).toContain(String(refused.gate('key')?.remedy));
    const elsewhere = await diagnosed(['--alone'], { ...alone(), PUBLIC_URL: 'https://calls.example' });
    expect(elsewhere.gate('webhook')).toMatchObject({ verdict: 'fail', direction: 'inbound', code: 'webhook_elsewhere' });
  });

  it('alone lists every fault of the configuration, and shows no secret', async () => {
    const { exit, gate, diagnosis } = await diagnosed(['--alone'], { D360_API_KEY: 'a-secret-of-mine', PORT: 'x' });
    expect(exit).toBe(1);
    expect(gate('configuration')?.cause).toMatch(/PORT[\s\S]*D360_WEBHOOK_TOKEN/);
    expect(JSON.stringify(diagnosis)).not.toContain('a-secret-of-mine');
  });

  it('never names a fault of the configuration as why calls are refused, and asks 360dialog all the same', async () => {
    const faulty = { ...alone(), RETENTION_DAYS: 'many', COMPLIANCE_TIME_ZONE: 'Mars', ICE_SERVERS: '[', D360_PARTNER_ID: 'one-alone' };
    const fine = await diagnosed(['--alone', '--lang', 'es'], faulty);
    expect([fine.exit, fine.diagnosis.verdict, fine.gate('key')?.verdict]).toEqual([78, 'misconfigured', 'pass']);
    expect(fine.diagnosis.headline).toMatch(/^El gateway no está configurado: .*[\s\S]*Ahora nada rechaza sus llamadas\.$/);
    const { cause } = fine.gate('configuration') ?? {};
    for (const name of ['RETENTION_DAYS debe', 'COMPLIANCE_TIME_ZONE debe', 'ICE_SERVERS empieza', 'D360_PARTNER_API_KEY falta']) {
      expect(cause).toContain(name);
    }
    expect(cause).not.toMatch(/\b(must|is missing|not ")/);
    world.simulator.context.number.calling.status = 'DISABLED';
    const blocked = await diagnosed(['--alone'], faulty);
    expect([blocked.exit, blocked.diagnosis.verdict]).toEqual([1, 'blocked']);
    expect(blocked.diagnosis.headline).toMatch(/Why your calls are refused: (?!.*RETENTION_DAYS)/);
    expect(blocked.diagnosis.headline).toContain(String(blocked.gate('calling_enabled')?.cause));
    const unasked = await diagnosed(['--alone'], { RETENTION_DAYS: 'many' });
    expect([unasked.exit, unasked.diagnosis.verdict]).toEqual([78, 'misconfigured']);
    expect(unasked.diagnosis.headline).not.toContain('calls are refused');
  });

  it('names what the network says in the chosen language', async () => {
    const { gate } = await diagnosed(['--url', CLOSED, '--lang', 'es'], { ...alone(), D360_BASE_URL: CLOSED });
    for (const name of ['gateway', 'reachability']) expect(gate(name)?.cause).toContain('ahí no escucha nada, ECONNREFUSED');
  });

  it('needs nothing but the key of the number: a missing webhook token is a warning, in the chosen language', async () => {
    const terminal = open({ GATEWAY_URL: NOWHERE, D360_API_KEY: 'simulator-key', PUBLIC_URL: world.url });
    const exit = await terminal.type(diagnoseCommand, '--json', '--lang', 'es');
    const diagnosis = terminal.document<DiagnosisReport>();
    const [configuration] = diagnosis.findings;
    expect(configuration).toMatchObject({ name: 'configuration', verdict: 'warning', direction: 'inbound' });
    expect(configuration?.cause).toBe('Falta D360_WEBHOOK_TOKEN: sin él, el gateway no arranca con esta clave.');
    expect(configuration?.remedy).toMatch(/^Genere uno.*openssl rand -hex 32.*register-webhook/);
    expect([exit, diagnosis.verdict, diagnosis.mode]).toEqual([0, 'fine', 'live']);
    for (const name of ['key', 'calling_enabled', 'webhook']) {
      expect(diagnosis.findings.find((one) => one.name === name)?.verdict).not.toBe('fail');
    }
    expect(JSON.stringify(diagnosis)).not.toContain('is missing');
  });

  it('says in Spanish why the number cannot call, with nothing but its key', async () => {
    world.simulator.context.number.calling.status = 'DISABLED';
    const terminal = open({ GATEWAY_URL: NOWHERE, D360_API_KEY: 'simulator-key' });
    expect(await terminal.type(diagnoseCommand, '--json', '--lang', 'es')).toBe(1);
    expect(terminal.document<DiagnosisReport>().headline).toMatch(/^Por qué se rechazan sus llamadas: El ajuste de llamadas/);
  });

  it('ends with 69 when neither answers, and with 64 for a number that is none', async () => {
    const { exit, diagnosis } = await diagnosed(['--url', NOWHERE], { ...alone(), D360_BASE_URL: NOWHERE });
    expect([exit, diagnosis.verdict]).toEqual([69, 'unreachable']);
    expect(await open().type(diagnoseCommand, '--to', 'Ana')).toBe(64);
  });
});
