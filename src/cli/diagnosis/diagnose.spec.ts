import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BesideGateway, NOWHERE } from '#cli/terminal/beside-gateway.fixture.js';
import { NumbersStore } from '#identity/numbers/numbers.store.js';
import { openStore } from '#store/open-store.js';
import { temporaryDatabase } from '#store/temporary-database.fixture.js';
import type { World } from '../../../test/world.js';
import { deriveVerdict } from './derive-verdict.js';
import { diagnoseCommand } from './diagnose.command.js';
import { type CheckResult, type CliFinding, type DiagnosisReport, finding } from './finding.js';

describe('npm run diagnose', () => {
  let beside: BesideGateway;
  let world: World;
  beforeEach(async () => {
    beside = await BesideGateway.open();
    world = beside.world;
  });
  afterEach(() => beside.close());

  const settings = () => beside.settings;
  const diagnosed = async (args: string[], env: Record<string, string>) => {
    const terminal = beside.bareTerminal(env);
    const exit = await terminal.type(diagnoseCommand, '--json', ...args);
    const diagnosis = terminal.document<DiagnosisReport>();
    const named = (name: string) => diagnosis.findings.filter((one) => one.name === name);
    return { exit, diagnosis, named, configuration: named('configuration') };
  };
  const ofGateway = () => beside.own;

  describe('HOST and PORT', () => {
    let other: Server;
    beforeEach(async () => {
      other = createServer((_, response) => response.writeHead(404).end('no gateway')).listen(0, '127.0.0.1');
      await once(other, 'listening');
    });
    afterEach(() => void other.close());
    const portOfOther = () => String((other.address() as AddressInfo).port);

    it.each([
      ['en', /HOST and PORT name, something else answers than a gateway \(what answers there is no gateway, HTTP 404\)\./],
      ['es', /HOST y PORT indican, responde algo que no es un gateway \(lo que responde ahí no es un gateway, HTTP 404\)\./],
    ])('where another program answers are a fault of the configuration (%s)', async (language, cause) => {
      const { exit, diagnosis, configuration, named } = await diagnosed(['--lang', language], { ...ofGateway(), PORT: portOfOther() });
      expect([exit, diagnosis.verdict, diagnosis.gateway]).toEqual([78, 'misconfigured', null]);
      expect(configuration).toHaveLength(1);
      expect(configuration[0]).toMatchObject({ verdict: 'fail', cause: expect.stringMatching(cause) });
      expect(configuration[0]?.remedy).toMatch(/--url/);
      expect(named('gateway')).toEqual([]);
    });

    it('are not at fault for what --url names', async () => {
      const { exit, named } = await diagnosed(['--url', `http://127.0.0.1:${portOfOther()}`], ofGateway());
      expect([exit, named('gateway')[0]?.verdict]).toEqual([0, 'warning']);
    });

    it.each([{ PORT: 'x' }, { PORT: '99999' }, { HOST: 'my host' }])('that make no address are one: %j', async (wrong) => {
      const { exit, diagnosis, configuration } = await diagnosed([], { ...ofGateway(), ...wrong });
      expect([exit, diagnosis.verdict]).toEqual([78, 'misconfigured']);
      expect(configuration).toHaveLength(1);
      expect(configuration[0]?.cause).toMatch(/HOST and PORT make no address of a gateway: http:/);
      const spanish = await diagnosed(['--lang', 'es'], { ...ofGateway(), ...wrong });
      expect(spanish.configuration[0]?.cause).toMatch(/HOST y PORT no forman la dirección de un gateway/);
    });
  });

  describe('the key of another number', () => {
    const isNamed = async (env: Record<string, string>) => {
      const english = await diagnosed(['--alone'], { ...ofGateway(), ...env });
      expect([english.exit, english.diagnosis.verdict]).toEqual([78, 'misconfigured']);
      expect(english.configuration).toHaveLength(1);
      expect(english.configuration[0]).toMatchObject({ verdict: 'fail', code: 'other_number' });
      expect(english.configuration[0]?.cause).toMatch(/the key is the one of number \d+, but it should be that of number 999/);
      expect(english.diagnosis.headline).not.toMatch(/refuses? your calls|calls are refused/);
      expect(english.named('calling_enabled')).toEqual([]);
      const spanish = await diagnosed(['--alone', '--lang', 'es'], { ...ofGateway(), ...env });
      expect(spanish.configuration[0]?.cause).toMatch(/la clave es la del número \d+, pero debería ser la del número 999/);
    };

    it('than the configuration names is a fault of the configuration', () => isNamed({ D360_PHONE_NUMBER_ID: '999' }));

    it('than the database names is one, too', async () => {
      const { database, erase } = await temporaryDatabase('sqlite');
      if (database.kind !== 'sqlite') throw new Error('not a file');
      const store = await openStore({ database, mode: 'live' });
      await store.write((tx) => new NumbersStore(store).insert(tx, '999', 0, {}));
      await store.close();
      await isNamed({ DATABASE_URL: `sqlite:${database.path}` });
      await erase();
    });

    it('is no matter where the same number is named', async () => {
      const { exit, configuration } = await diagnosed(['--alone'], {
        ...ofGateway(),
        D360_PHONE_NUMBER_ID: world.simulator.context.number.phoneNumberId,
        DATABASE_URL: 'sqlite:/nowhere/at-all.db',
      });
      expect([exit, configuration[0]?.verdict]).toEqual([0, 'pass']);
    });
  });

  it('is not sure of anything while the gateway does not reach 360dialog', async () => {
    world.fault('*', { instead: 'drop', times: 100 });
    const { exit, diagnosis, named } = await diagnosed([], { GATEWAY_URL: world.url, GATEWAY_API_KEY: settings().apiKey?.reveal() ?? '' });
    expect(named('reachability')[0]).toMatchObject({ verdict: 'unknown', code: 'upstream_unavailable' });
    expect([exit, diagnosis.verdict]).toEqual([2, 'unknown']);
    expect(diagnosis.headline).toMatch(/not everything is known: .*360dialog can be reached/);
  });

  it('names the refused key alone where the environment has no key of 360dialog', async () => {
    for (const key of ['nobody-knows-this-key', '']) {
      const { exit, diagnosis } = await diagnosed([], { GATEWAY_URL: world.url, GATEWAY_API_KEY: key, RETENTION_DAYS: 'many' });
      expect([exit, diagnosis.verdict, diagnosis.gateway]).toEqual([77, 'unauthorized', world.url]);
      expect(diagnosis.findings).toEqual([expect.objectContaining({ name: 'gateway', verdict: 'fail', code: 'unauthenticated' })]);
    }
    expect((await diagnosed([], { GATEWAY_URL: NOWHERE })).exit).not.toBe(77);
  });
});

describe('the headline', () => {
  const words = { cause: 'The webhook points elsewhere.', remedy: 'Register it.' };
  const said = (outbound: CheckResult['outbound'], language: 'en' | 'es', ...findings: CliFinding[]) =>
    deriveVerdict(
      { findings: [finding('webhook', 'fail', language, { direction: 'inbound', ...words }), ...findings], outbound },
      [],
      language,
    );

  it('of inbound calls that do not arrive says of outbound ones what is known', () => {
    const open = finding('key', 'unknown', 'en');
    expect(said('available', 'en').headline).toMatch(/^Nothing refuses your outbound calls, but inbound calls do not arrive: The webhook/);
    const { verdict, headline } = said('unknown', 'en', open);
    expect([verdict, headline]).toEqual([
      'blocked',
      'Inbound calls do not arrive: The webhook points elsewhere. What to do: Register it. Nothing that is known refuses your calls, but not everything is known: Key of 360dialog accepted.',
    ]);
    expect(said('unknown', 'es', open).headline).toMatch(
      /^Las llamadas entrantes no llegan: .* faltan datos: Clave de 360dialog aceptada\.$/,
    );
  });
});
