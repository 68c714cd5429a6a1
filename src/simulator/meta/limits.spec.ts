import { beforeEach, describe, expect, test } from '@jest/globals';
import { DAY } from '#kernel/clock.js';
import { refusedWith, TestSimulator } from '#simulator/simulator.fixture.js';

describe('what Meta refuses', () => {
  let play: TestSimulator;
  beforeEach(() => {
    play = new TestSimulator();
  });
  const granted = (id: string): void => play.simulator.permissionSimulation.setSilently(play.user(id), 'temporary');
  const dialling = (id: string) => refusedWith(() => play.dial(id));
  const asking = (id: string, template = false) => refusedWith(() => play.ask(id, template));
  const state = (id: string) => play.simulator.permissions.read(play.user(id).waId ?? play.user(id).userId ?? '');

  test('asking brings the statuses of the message and the answer of the user to that very message', () => {
    const { messages } = play.ask('ana');
    play.pass(3);
    expect(play.kinds()).toEqual(['message_status', 'message_status', 'message_status', 'permission_reply']);
    expect(play.last('permission_reply')).toMatchObject({
      messages: [
        {
          context: (messages as object[])[0],
          interactive: { call_permission_reply: { response: 'accept', is_permanent: false, response_source: 'user_action' } },
        },
      ],
    });
    expect(state('ana')).toMatchObject({
      permission: { status: 'temporary', expiration_time: expect.any(Number) },
      actions: [
        {
          action_name: 'send_call_permission_request',
          can_perform_action: false,
          limits: [{ time_period: 'PT24H', max_allowed: 1, current_usage: 1 }, { current_usage: 1 }],
        },
        { action_name: 'start_call', can_perform_action: true, limits: [{ max_allowed: 100, current_usage: 0 }] },
      ],
    });
  });

  test('one request a day and two in seven days, until a call connects', () => {
    play.user('ines').wroteAt = play.simulator.clock.now() + 20 * DAY;
    expect(asking('ines')).toBeNull();
    expect(asking('ines')).toBe(138009);
    play.pass(86_401);
    expect(asking('ines')).toBeNull();
    play.pass(86_401);
    expect(asking('ines')).toBe(138009);
    play.simulator.permissionSimulation.connected(play.user('ines'));
    expect(asking('ines')).toBeNull();
  });

  test('outside the 24 h window only an approved template may ask', () => {
    expect(asking('gina')).toBe(131047);
    expect(asking('gina', true)).toBeNull();
    play.simulator.context.number.templates = [];
    expect(asking('ana', true)).toBe(132001);
  });

  test('a temporary permission is over after seven times 24 h, without a word', () => {
    play.ask('ana');
    play.pass(2);
    play.sent.length = 0;
    play.pass(7 * 86_400 - 1);
    expect(state('ana')).toMatchObject({ permission: { status: 'temporary' } });
    play.pass(1);
    expect(state('ana').permission).toEqual({ status: 'no_permission' });
    expect(dialling('ana')).toBe(138006);
    expect(play.kinds()).toEqual([]);
  });

  test('a permanent permission has no end and makes asking needless', () => {
    play.ask('hugo');
    play.pass(3);
    expect(state('hugo').permission).toEqual({ status: 'permanent' });
    expect(asking('hugo')).toBe(138017);
  });

  test('two unanswered calls earn a nudge, four end the permission', () => {
    granted('carla');
    for (const call of [1, 2, 3, 4]) {
      play.dial('carla');
      play.pass(61);
      expect(play.user('carla').nudgedAt === null).toBe(call < 2);
    }
    expect(play.last('permission_reply')).toMatchObject({
      messages: [{ interactive: { call_permission_reply: { response: 'reject', response_source: 'automatic' } } }],
    });
    expect(JSON.stringify(play.last('permission_reply'))).not.toContain('"context"');
    expect(dialling('carla')).toBe(138006);
  });

  test('a second call with the same person, and the 101st connected call of a day', () => {
    granted('ana');
    play.dial('ana');
    expect(dialling('ana')).toBe(138003);
    play.user('hugo').permission = { kind: 'permanent', until: null };
    play.user('hugo').connectedAt = Array.from({ length: 100 }, () => play.simulator.clock.now());
    expect(dialling('hugo')).toBe(138012);
  });

  test.each([
    [138000, (number: TestSimulator) => Object.assign(number.simulator.context.number.calling, { status: 'DISABLED' })],
    [131055, (number: TestSimulator) => Object.assign(number.simulator.context.number.calling, { sip: { status: 'ENABLED' } })],
    [138013, (number: TestSimulator) => Object.assign(number.simulator.context.number, { country: 'US' })],
    [131044, (number: TestSimulator) => Object.assign(number.simulator.context.number, { payment: false })],
    [138002, (number: TestSimulator) => Object.assign(number.simulator.context.number, { maxConcurrentCalls: 0 })],
    [
      138014,
      (number: TestSimulator) =>
        number.simulator.context.number.restrictions.push({
          type: 'RESTRICTED_BUSINESS_INITIATED_CALLING',
          reason: 'feedback',
          until: Number.MAX_SAFE_INTEGER / 1_000,
        }),
    ],
  ])('a number in that state is refused with %d', (code, prepare) => {
    granted('ana');
    prepare(play);
    expect(dialling('ana')).toBe(code);
  });

  test('a person who cannot be called has no permission, and reading too fast is 613', () => {
    expect(dialling('karla')).toBe(138001);
    expect(state('karla').permission).toEqual({ status: 'no_permission' });
    play.simulator.context.number.permissionReadsPerSecond = 1;
    expect(refusedWith(() => state('ana'))).toBe(613);
  });

  test('a person with a BSUID alone is asked and called by it', () => {
    play.ask('elena');
    play.pass(3);
    play.dial('elena');
    play.pass(5);
    const text = JSON.stringify(play.sent);
    expect(text).toContain('"recipient_user_id":"MX.10000000000000000005"');
    expect(text).not.toContain('"wa_id"');
  });

  test('every writing of a Mexican number is one person, whom Meta writes with 521', () => {
    const answer = play.simulator.messages.send({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '+525598765432',
      type: 'template',
      template: { name: 'hello_world', language: { code: 'en_US' } },
    });
    expect(answer.contacts).toMatchObject([{ input: '+525598765432', wa_id: '5215598765432' }]);
    expect(play.user('5215598765432')).toBe(play.user('525598765432'));
  });
});

describe('the settings of the number', () => {
  const hours = (day: string) => ({
    status: 'ENABLED',
    timezone_id: 'America/Mexico_City',
    weekly_operating_hours: [{ day_of_week: day, open_time: '0900', close_time: '1800' }],
  });

  test('call hours are replaced whole, other fields stay, and only some changes send a webhook', () => {
    const play = new TestSimulator();
    const { settings } = play.simulator;
    settings.write({
      calling: { call_hours: { ...hours('MONDAY'), holiday_schedule: [{ date: '2026-12-25', start_time: '0000', end_time: '2359' }] } },
    });
    expect(play.kinds()).toEqual([]);
    settings.write({ calling: { call_hours: hours('FRIDAY'), callback_permission_status: 'DISABLED' } });
    expect(settings.read().calling).toMatchObject({ status: 'ENABLED', call_hours: hours('FRIDAY') });
    expect(JSON.stringify(settings.read())).not.toContain('holiday_schedule');
    expect(play.last('account_settings_update')).toMatchObject({
      phone_number_settings: { calling: { callback_permission_status: 'DISABLED' } },
    });
  });

  test('a small messaging limit refuses to switch calling on, but not to leave it on', () => {
    const play = new TestSimulator();
    const { settings, context } = play.simulator;
    context.number.tier = 'TIER_250';
    settings.write({ calling: { status: 'ENABLED' } });
    settings.write({ calling: { status: 'DISABLED' } });
    expect(refusedWith(() => settings.write({ calling: { status: 'ENABLED' } }))).toBe(138015);
  });

  test.each([
    [{ status: 'ON' }],
    [{ colour: 'red' }],
    [{ call_hours: { ...hours('MONDAY'), weekly_operating_hours: [] } }],
    [{ call_hours: { ...hours('MONDAY'), timezone_id: 'Mars/Olympus' } }],
    [{ call_hours: { ...hours('MONDAY'), holiday_schedule: [{ date: '2020-01-01', start_time: '0000', end_time: '2359' }] } }],
    [
      {
        call_hours: {
          ...hours('MONDAY'),
          weekly_operating_hours: [
            { day_of_week: 'MONDAY', open_time: '0900', close_time: '1800' },
            { day_of_week: 'MONDAY', open_time: '1000', close_time: '1100' },
          ],
        },
      },
    ],
  ])('%j is refused', (calling) => {
    expect(refusedWith(() => new TestSimulator().simulator.settings.write({ calling }))).toBe(100);
  });
});
