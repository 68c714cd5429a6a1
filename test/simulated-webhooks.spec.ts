import { describe, expect, it } from '@jest/globals';
import { readDelivery } from '#dialog360/webhook-reader.js';
import { patchNumber } from '#simulator/control/number-commands.js';
import { ourAnswer, TestSimulator } from '#simulator/simulator.fixture.js';
import { HISTORIES, historyOf } from '#simulator/traffic/histories.js';
import { callErrorWebhook } from '#simulator/webhooks/call-webhooks.js';
import { envelope, type SimulatedChange, WEBHOOK_KINDS } from '#simulator/webhooks/change.js';
import { IDENTITY_FORMS } from '#simulator/webhooks/identity-webhooks.js';
import { BILLING_FORMS, messageStatusWebhook } from '#simulator/webhooks/message-webhooks.js';
import { ACCOUNT_STATES, RESTRICTION_TYPES, SIMULATED_TIERS } from '#simulator/world/number.js';

/** Webhooks of the simulator in which the gateway finds no fact, each with its reason; none is left. */
const WITHOUT_FACT: Readonly<Record<string, string>> = {};

/** Everything that the simulator sends when it is made to do all that it can. */
function everything(): SimulatedChange[] {
  const play = new TestSimulator();
  const { simulator } = play;
  const { number } = simulator.context;
  for (const id of ['ana', 'beto', 'hugo', 'carla', 'diego', 'luis', 'elena']) {
    if (!play.user(id).permission) play.ask(id, true);
    play.pass(5);
    simulator.permissionSimulation.setSilently(play.user(id), 'temporary');
    play.dial(id);
    play.pass(90);
  }
  for (const id of ['ana', 'elena']) {
    const inbound = play.callIn(id);
    play.act('accept', inbound, { session: ourAnswer() });
    play.act('terminate', inbound);
    simulator.messageSimulation.write(play.user(id), 'Hello');
    simulator.messageSimulation.handOver(play.user(id), 'agent');
    simulator.messageSimulation.write(play.user(id), 'Hello agent');
    simulator.permissionSimulation.grant(play.user(id), 'permanent');
    simulator.messageSimulation.handOver(play.user(id), 'business');
  }
  for (const form of IDENTITY_FORMS) {
    simulator.identitySimulation.changeUserId(play.user('ana'), null, form);
    simulator.identitySimulation.changeNumber(play.user('ana'), `52155123490${IDENTITY_FORMS.indexOf(form)}1`, form);
  }
  for (const form of BILLING_FORMS)
    for (const status of ['sent', 'delivered', 'read', 'failed'] as const) {
      const message = { wamid: `wamid.${form}`, category: 'utility', conversation: 'c', until: simulator.clock.now() } as const;
      play.sent.push(messageStatusWebhook(number, play.user('ana'), { ...message, status }, simulator.clock.now(), form));
    }
  for (const code of [131044, 131031, 368, 138014]) play.sent.push(callErrorWebhook(number, play.user('ana'), code, 'error'));
  simulator.callSimulation.refuseCallIn(play.user('fede'));
  for (const tier of SIMULATED_TIERS) patchNumber(simulator, { tier });
  for (const type of RESTRICTION_TYPES) patchNumber(simulator, { restrictions: [{ type }] });
  for (const account of [...ACCOUNT_STATES, 'active']) patchNumber(simulator, { account });
  for (const history of HISTORIES) {
    simulator.traffic.load(history);
    expect(historyOf(history).texts).toHaveLength(2);
  }
  patchNumber(simulator, { calling: { status: 'DISABLED' } });
  return play.sent;
}

describe('every webhook that the simulator can send', () => {
  const sent = everything();
  const found = sent.map((change) => {
    const body = Buffer.from(JSON.stringify(envelope('200000000000001', change)));
    return { change, read: readDelivery({ body, receivedAt: Date.UTC(2030, 0, 1) }) };
  });

  it('is sent here', () => {
    const kinds = new Set(sent.map(({ kind }) => kind));
    // The quality changes on days of a history that are lived, not when one is loaded.
    const missing = WEBHOOK_KINDS.filter((kind) => !kinds.has(kind) && kind !== 'phone_number_quality_update');
    expect(missing).toEqual([]);
    expect(sent.some(({ field }) => field === 'standby')).toBe(true);
  });

  it('is read into a fact, or is listed with the reason why not', () => {
    const silent = found.filter(
      ({ read }) => read.unreadable || read.elements.length === 0 || read.elements.some(({ fact }) => fact === null),
    );
    const unlisted = silent.filter(({ change }) => WITHOUT_FACT[change.kind] === undefined);
    expect(unlisted.map(({ change }) => [change.kind, change.value])).toEqual([]);
    const needless = Object.keys(WITHOUT_FACT).filter((kind) => !silent.some(({ change }) => change.kind === kind));
    expect(needless).toEqual([]);
  });
});
