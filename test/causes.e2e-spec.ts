import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { diagnoseCommand } from '#cli/diagnosis/diagnose.command.js';
import type { DiagnosisReport } from '#cli/diagnosis/finding.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import type { SimulatedNumber } from '#simulator/world/number.js';
import { offer } from './sdp.js';
import { World } from './world.js';

const [ANA, BETO, CARLA, GINA, HUGO, INES, KARLA] = [
  '5215512340001',
  '5215512340002',
  '5215512340003',
  '5215512340007',
  '5215512340008',
  '5215512340009',
  '5215512340011',
];
const DAY = 86_400;

interface Cause {
  /** Brings the cause about. */
  arrange(world: World): Promise<void> | void;
  to: string;
  /** The catalogue's word that preflight and make-call must name. */
  code: string;
  status: number;
  /** What cannot be known before 360dialog is asked to dial: preflight says nothing against it then. */
  unforeseeable?: boolean;
}

const number = (world: World): SimulatedNumber => world.simulator.context.number;
const ask = async (world: World, to: string) => {
  const { body } = await world.do('make-call', { to });
  await world.pass(5);
  await world.do('terminate', { id: body.id });
};
const meta = (code: number, message: string, status = 400) => ({
  status,
  body: {
    error: {
      message: `(#${code}) ${message}`,
      type: 'OAuthException',
      code,
      error_data: { messaging_product: 'whatsapp', details: message },
      fbtrace_id: 'Atrace',
    },
  },
});

const CAUSES: Record<string, Cause> = {
  'calling is off': {
    arrange: (w) => void Object.assign(number(w).calling, { status: 'DISABLED' }),
    to: HUGO,
    code: 'calling_disabled',
    status: 409,
  },
  'SIP is on': {
    arrange: (w) => void Object.assign(number(w).calling, { sip: { status: 'ENABLED' } }),
    to: HUGO,
    code: 'sip_enabled',
    status: 409,
  },
  'the number is restricted': {
    arrange: (w) =>
      void number(w).restrictions.push({
        type: 'RESTRICTED_BUSINESS_INITIATED_CALLING',
        reason: 'feedback',
        until: w.clock.now() + 3 * DAY * 1000,
      }),
    to: HUGO,
    code: 'calling_restricted',
    status: 409,
  },
  'the country of the number may not call': {
    arrange: async (w) => {
      number(w).displayPhoneNumber = '12125550100';
      await w.greet();
    },
    to: HUGO,
    code: 'country_not_supported',
    status: 409,
  },
  'there is no permission, and asking is not wanted': { arrange: () => undefined, to: ANA, code: 'permission_required', status: 409 },
  'the user has declined': { arrange: (w) => ask(w, BETO), to: BETO, code: 'permission_request_limit_reached', status: 409 },
  'the permission has expired, and the week is full': {
    arrange: async (w) => {
      await ask(w, INES);
      await w.pass(DAY + 60);
      await w.greet();
      await ask(w, INES);
    },
    to: INES,
    code: 'permission_request_limit_reached',
    status: 409,
  },
  'the user was asked yesterday': { arrange: (w) => ask(w, INES), to: INES, code: 'permission_request_limit_reached', status: 409 },
  'permission was revoked after four unanswered calls': {
    arrange: async (w) => {
      w.allow(CARLA, 'temporary');
      for (let i = 0; i < 4; i += 1) {
        await w.do('make-call', { to: CARLA, session: offer() });
        await w.pass(75);
      }
    },
    to: CARLA,
    code: 'permission_required',
    status: 409,
  },
  'the temporary permission is over': {
    arrange: async (w) => {
      w.allow(ANA, 'temporary');
      await w.get(`/api/calling/permissions/${ANA}`);
      await w.pass(8 * DAY);
      await w.greet();
    },
    to: ANA,
    code: 'permission_required',
    status: 409,
  },
  'the window is closed': { arrange: (w) => w.pass(DAY + 60), to: GINA, code: 'window_closed', status: 409 },
  'a call with this person is going on': {
    arrange: async (w) => {
      w.allow(HUGO);
      await w.do('make-call', { to: HUGO, session: offer() });
    },
    to: HUGO,
    code: 'call_in_progress',
    status: 409,
  },
  'a hundred calls were connected today': {
    arrange: (w) => {
      w.allow(HUGO);
      const user = w.simulator.context.users.meet(HUGO);
      if (user) user.connectedAt = Array.from({ length: 100 }, () => w.clock.now());
    },
    to: HUGO,
    code: 'call_limit_reached',
    status: 409,
  },
  'the user cannot be called at all': { arrange: () => undefined, to: KARLA, code: 'not_allowed_now', status: 409 },
  'the user turns out to be unreachable': {
    arrange: (w) => w.fault('connect', { instead: meta(138001, 'Receiver uncallable') }),
    to: HUGO,
    code: 'user_unreachable',
    status: 409,
    unforeseeable: true,
  },
  'there is no payment method': {
    arrange: (w) => w.fault('connect', { instead: meta(131042, 'Business eligibility payment issue') }),
    to: HUGO,
    code: 'payment_required',
    status: 409,
    unforeseeable: true,
  },
  'the number calls too fast': {
    arrange: (w) => w.fault('connect', { instead: meta(138005, 'Call initiation rate limit', 429) }),
    to: HUGO,
    code: 'rate_limited',
    status: 429,
    unforeseeable: true,
  },
  '360dialog limits its endpoint, in HTTP 400': {
    arrange: (w) => w.fault('connect', { instead: { status: 400, body: { error: 'endpoint rate limit exceeded' } } }),
    to: HUGO,
    code: 'rate_limited',
    status: 429,
    unforeseeable: true,
  },
  'too many calls at once': {
    arrange: (w) => w.fault('connect', { instead: meta(138002, 'Concurrent calls limit', 429) }),
    to: HUGO,
    code: 'concurrent_calls_limit',
    status: 429,
    unforeseeable: true,
  },
  '360dialog has blocked the endpoint': {
    arrange: (w) => w.fault('connect', { instead: { status: 403, body: { error: 'endpoint blocked' } } }),
    to: HUGO,
    code: 'upstream_forbidden',
    status: 502,
    unforeseeable: true,
  },
  'the number is not in the allow-list': {
    arrange: (w) => w.fault('connect', { instead: meta(131030, 'Recipient not in allowed list') }),
    to: HUGO,
    code: 'not_in_allow_list',
    status: 409,
    unforeseeable: true,
  },
  'another partner is the Call primary of the number': {
    arrange: (w) => void Object.assign(number(w), { callPrimary: false }),
    to: HUGO,
    code: 'not_call_primary',
    status: 409,
    unforeseeable: true,
  },
  'another partner was the Call primary a moment ago': {
    arrange: async (w) => {
      Object.assign(number(w), { callPrimary: false });
      await w.do('make-call', { to: HUGO, session: offer() });
    },
    to: HUGO,
    code: 'not_call_primary',
    status: 409,
  },
  'a code that nobody knows': {
    arrange: (w) => w.fault('connect', { instead: meta(139999, 'Something new') }),
    to: HUGO,
    code: 'upstream_refused',
    status: 502,
    unforeseeable: true,
  },
  'the key of 360dialog is wrong': {
    arrange: (w) => w.fault('*', { instead: { status: 401, body: { error: 'Invalid API key' } }, times: null }),
    to: HUGO,
    code: 'upstream_key_rejected',
    status: 502,
    unforeseeable: true,
  },
};

describe('why a call is refused', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ env: { FIGURE_MAX_AGE_SECONDS: '0' } });
    await world.greet();
    world.allow(HUGO);
  });
  afterEach(() => world.close());

  const diagnosed = async (to: string): Promise<DiagnosisReport> => {
    const terminal = new FakeTerminal({ GATEWAY_URL: world.url, API_KEY: World.KEY });
    terminal.clock = world.clock;
    await terminal.type(diagnoseCommand, '--json', '--to', to);
    return terminal.document<DiagnosisReport>();
  };

  it.each(Object.entries(CAUSES))('%s: preflight, make-call and diagnose say so, and no one is dialled', async (_name, cause) => {
    await cause.arrange(world);
    const dials = world.simulator.context.calls.all().length;
    const wants = cause.code === 'permission_required' ? { permission_request: { mode: 'never' } } : {};

    const preflight = (await world.get(`/api/calling/preflight?to=${cause.to}`)).body;
    const gate = preflight.gates.find(({ code }: { code: string | null }) => code === cause.code);
    if (!cause.unforeseeable) {
      expect(preflight).toMatchObject({ verdict: 'blocked', code: cause.code });
      expect(gate).toMatchObject({ verdict: 'fail', remedy: expect.stringMatching(/\S/) });
    }

    const refused = await world.do('make-call', { to: cause.to, session: offer(), ...wants });
    expect(refused).toMatchObject({ status: cause.status, body: { code: cause.code, remedy: expect.stringMatching(/\S/) } });
    if (cause.unforeseeable) expect(refused.body.upstream).toMatchObject({ status: expect.any(Number) });

    const diagnosis = await diagnosed(cause.to);
    expect(JSON.stringify(diagnosis)).toContain(`"${cause.code}"`);
    const found = [...diagnosis.findings, ...diagnosis.recent_refusals].find(({ code }) => code === cause.code);
    expect(found?.remedy).toMatch(/\S/);
    expect(world.simulator.context.calls.all().length).toBe(dials);
  });

  it('a webhook that points elsewhere is found by the diagnosis, and blocks no dial', async () => {
    world.simulator.registerWebhook('https://elsewhere.example.com/hook', {});
    const diagnosis = await diagnosed(HUGO);
    expect(diagnosis.findings.find(({ code }) => code === 'webhook_elsewhere')).toMatchObject({ remedy: expect.stringMatching(/\S/) });
    expect((await world.do('make-call', { to: HUGO, session: offer() })).status).toBe(201);
  });

  it('360dialog that cannot be reached is reported as unknown, never as a refusal of the number', async () => {
    world.fault('*', { instead: 'drop', times: null });
    const preflight = (await world.get(`/api/calling/preflight?to=${HUGO}`)).body;
    expect(preflight.verdict).toBe('unknown');
    expect((await world.get('/api/calling/status?refresh=true')).status).toBe(200);
    // So many readings have failed by now that a dial is not sent.
    const refused = await world.do('make-call', { to: HUGO, session: offer() });
    expect(refused).toMatchObject({ status: 503, body: { code: 'upstream_circuit_open', upstream: null } });
  });

  it('a number that is not ours is invalid input', async () => {
    expect(await world.do('make-call', { to: HUGO, phone_number_id: '999000999000999' })).toMatchObject({
      status: 422,
      body: { code: 'unknown_number' },
    });
  });
});
