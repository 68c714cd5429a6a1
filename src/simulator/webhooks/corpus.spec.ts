import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { record } from '#kernel/read.js';
import { ourAnswer, TestSimulator } from '#simulator/simulator.fixture.js';
import { settingsWebhook } from './account-webhooks.js';
import { envelope, type SimulatedChange } from './change.js';

/** Where in the tree which JSON types stand, such as `entry[].id: string`. */
function shape(value: unknown, path = ''): Set<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((item) => [...shape(item, `${path}[]`)]));
  const object = record(value);
  if (!object) return new Set([`${path}: ${typeof value}`]);
  return new Set(Object.entries(object).flatMap(([name, child]) => [...shape(child, path ? `${path}.${name}` : name)]));
}

/** Identities, and words of the business, that a payload may have or not. */
const OPTIONAL =
  /(user_id|username|wa_id|recipient_id|_payload|biz_opaque_callback_data|\.(from|to|direction)|contacts\[\]\.profile\.name): string$/;

const kept = (body: unknown): string[] => [...shape(body)].filter((line) => !OPTIONAL.test(line)).sort();

/** The golden payload with that name; `null` when the corpus has none. */
function golden(name: string): unknown {
  const file = new URL(`../../../test/corpus/${name}.json`, import.meta.url);
  return existsSync(file) ? record(JSON.parse(readFileSync(file, 'utf8')))?.body : null;
}

const last = (play: TestSimulator): SimulatedChange => {
  const change = play.sent.at(-1);
  if (!change) throw new Error('nothing was sent');
  return change;
};
const sentOf = (play: TestSimulator, kind: SimulatedChange['kind']): SimulatedChange => {
  const change = play.sent.findLast((item) => item.kind === kind);
  if (!change) throw new Error(`no ${kind} was sent`);
  return change;
};

function outbound(id: string, seconds: number): TestSimulator {
  const play = new TestSimulator();
  play.simulator.permissionSimulation.setSilently(play.user(id), 'temporary');
  play.dial(id, { biz_opaque_callback_data: 'row' });
  play.pass(seconds);
  return play;
}

function decided(act: (play: TestSimulator) => void): SimulatedChange {
  const play = new TestSimulator();
  act(play);
  play.pass(10);
  return sentOf(play, 'permission_reply');
}

const permanent = (play: TestSimulator): void => play.simulator.permissionSimulation.grant(play.user('ana'), 'permanent');

const CASES: Record<string, () => SimulatedChange> = {
  'connect-inbound': () => {
    const play = new TestSimulator();
    play.callIn('fede');
    return sentOf(play, 'connect');
  },
  'connect-inbound-bsuid-only': () => {
    const play = new TestSimulator();
    play.callIn('elena');
    return sentOf(play, 'connect');
  },
  'connect-outbound': () => sentOf(outbound('ana', 1), 'connect'),
  'status-ringing': () => sentOf(outbound('ana', 1), 'ringing'),
  'status-accepted': () => sentOf(outbound('ana', 5), 'accepted'),
  'status-rejected': () => sentOf(outbound('diego', 5), 'rejected'),
  'terminate-completed': () => sentOf(outbound('ana', 60), 'terminate'),
  'terminate-not-picked-up': () => sentOf(outbound('carla', 61), 'terminate'),
  'terminate-failed': () => sentOf(outbound('luis', 61), 'terminate'),
  'permission-temporary': () => decided((play) => play.ask('ana')),
  'permission-permanent': () => decided((play) => play.ask('hugo')),
  'permission-declined': () => decided((play) => play.ask('beto')),
  'permission-profile': () => decided(permanent),
  'permission-callback': () =>
    decided((play) => {
      const id = play.callIn('fede');
      play.act('accept', id, { session: ourAnswer() });
      play.act('terminate', id);
    }),
  'permission-revoked': () =>
    decided((play) => {
      play.simulator.permissionSimulation.setSilently(play.user('ana'), 'temporary');
      for (let call = 0; call < 4; call += 1) play.simulator.permissionSimulation.unanswered(play.user('ana'));
    }),
  'identity-number-changed': () => {
    const play = new TestSimulator();
    play.simulator.identitySimulation.changeNumber(play.user('ana'), '5215512340099');
    return last(play);
  },
  'identity-number-changed-older': () => {
    const play = new TestSimulator();
    play.user('ana').userId = null;
    play.simulator.identitySimulation.changeNumber(play.user('ana'), '5215512340099', 'sender');
    return last(play);
  },
  'message-text': () => {
    const play = new TestSimulator();
    play.simulator.messageSimulation.write(play.user('ana'), 'Hello');
    return last(play);
  },
  'account-settings-update-lower': () => {
    const { number } = new TestSimulator().simulator.context;
    const { sip: _sip, ...calling } = number.calling;
    number.calling = calling;
    return settingsWebhook(number, 1_797_000_000_000);
  },
};

describe('webhooks have the shape of the golden ones', () => {
  const known = Object.entries(CASES).filter(([name]) => golden(name) !== null);

  test.each(known)('%s', (name, make) => {
    expect(kept(envelope('200000000000001', make()))).toEqual(kept(golden(name)));
  });

  test('the corpus is there', () => {
    expect(known.length).toBeGreaterThan(10);
  });
});

test('an answer about permission has the shape of the golden one', () => {
  const play = new TestSimulator();
  play.ask('ana');
  play.pass(3);
  expect(kept(play.simulator.permissions.read('5215512340001'))).toEqual(kept(golden('call-permissions-temporary')));
});
