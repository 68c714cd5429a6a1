import { expect } from '@jest/globals';
import { type Body } from '../recipes/stage.js';
import { answer, offer } from '../sdp.js';
import { type Cannot, ClientRefusal, type GraphClient, isCannot } from './client.js';
import type { Consumer } from './consumer.js';
import type { GraphTarget } from './target.js';

/** One client at one target, and what it says of itself. */
export interface Run {
  target: GraphTarget;
  client: GraphClient;
  consumer: Consumer;
  /** The same client with other credentials. */
  another(credentials: { token?: string; phoneNumberId?: string }): GraphClient;
}

/** Does one thing with a client. @returns what belongs to the trace, or why the client cannot */
type Operation = (run: Run) => Promise<Body | Cannot>;

const ANA = '5215512340001';
const BETO = '5215512340002';
const DIEGO = '5215512340004';
const ELENA = 'MX.10000000000000000005';
const GINA = '5215512340007';
const HUGO = '5215512340008';
const OPAQUE = `order 1001 / señal 📞 ${'x'.repeat(480)}`;
const SECONDS_TO_RING = 1;

const grant = ({ target }: Run, user: string) => target.people('POST', `/users/${user}/grant`, { kind: 'permanent', silent: true });

/** A user calls, and the client hears it. */
async function called({ target, consumer }: Run, user: string) {
  await target.people('POST', `/users/${user}/call`, {});
  const { calls }: Body = await target.people('GET', '/calls');
  return consumer.hears('connect', calls[0].call_id);
}

/** A call of the business that the user has answered. */
async function talking(run: Run, user = 'hugo', to = HUGO): Promise<string> {
  await grant(run, user);
  const id = await run.client.connect({ to }, offer().sdp, OPAQUE);
  await run.target.pass(SECONDS_TO_RING);
  await run.target.people('POST', `/users/${user}/answer`, {});
  await run.consumer.hears('ACCEPTED', id);
  return id;
}

const refusal = async (work: Promise<unknown>): Promise<{ code: unknown; subcode: unknown }> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ClientRefusal);
  const { code, subcode } = error as ClientRefusal;
  return { code, subcode };
};

/** Every operation that concerns calling, in the order in which they run. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'answer the handshake': async ({ client, consumer }) => {
    if (isCannot(client.handshake)) return client.handshake;
    expect(consumer.handshakes).toBe(1);
    return null;
  },

  'connect without permission: 138006': async ({ client }) => {
    const { code } = await refusal(client.connect({ to: BETO }, offer().sdp));
    expect(code).toBe(138006);
    return code;
  },

  'ask for permission, and hear the grant': async ({ client, consumer, target }) => {
    const id = await client.ask(ANA);
    expect(id).toMatch(/^wamid\./);
    await target.pass(3);
    const { element, name } = await consumer.hears('call_permission_reply');
    expect(name).toBe('Ana');
    expect(element.context.id).toBe(id);
    return id;
  },

  'ask again at once: 138009': async ({ client }) => {
    const { code } = await refusal(client.ask(ANA));
    expect(code).toBe(138009);
    return code;
  },

  'ask by a template': async ({ client }) => {
    const id = await client.askByTemplate(GINA);
    expect(id).toMatch(/^wamid\./);
    return id;
  },

  'send what is no question for permission': async ({ client }) => {
    const { code } = await refusal(client.sendLocation(DIEGO));
    expect(code).toBe(131051);
    return code;
  },

  'read a permission': async ({ client }) => {
    if (isCannot(client.permission)) return client.permission;
    const { permission, actions }: Body = await client.permission(ANA);
    expect(permission.status).toBe('temporary');
    const start = actions.find(({ actionName }: Body) => actionName === 'start_call');
    expect(start.canPerformAction).toBe(true);
    return { permission, actions };
  },

  'connect, hear the answer, the ringing and the pick-up': async (run) => {
    const id = await talking(run);
    const connect = await run.consumer.hears('connect', id);
    expect(connect.element.session).toMatchObject({ sdp: expect.stringContaining('a=setup:active') });
    for (const event of ['connect', 'RINGING', 'ACCEPTED']) {
      const { opaque, phoneNumberId, name } = await run.consumer.hears(event, id);
      expect([event, opaque, phoneNumberId, name]).toEqual([event, OPAQUE, run.target.phoneNumberId, 'Hugo']);
    }
    return id;
  },

  'connect to the same user again: 138003': async ({ client }) => {
    const { code } = await refusal(client.connect({ to: HUGO }, offer().sdp));
    expect(code).toBe(138003);
    return code;
  },

  'terminate, and hear the end': async (run) => {
    const { calls }: Body = await run.target.people('GET', '/calls');
    const { call_id: id } = calls.find(({ user, state }: Body) => user === 'hugo' && state === 'in_progress');
    await run.target.pass(10);
    const done = await run.client.terminate(id);
    expect(done.success).toBe(true);
    await run.target.pass(SECONDS_TO_RING);
    const { opaque, name } = await run.consumer.hears('terminate', id);
    expect([opaque, name]).toEqual([OPAQUE, 'Hugo']);
    return done;
  },

  'connect to a user with a hidden number': async (run) => {
    await grant(run, 'elena');
    const id = await run.client.connect({ recipient: ELENA }, offer().sdp);
    await run.target.pass(SECONDS_TO_RING);
    await run.consumer.hears('RINGING', id);
    await run.client.terminate(id);
    await run.target.pass(SECONDS_TO_RING);
    await run.consumer.hears('terminate', id);
    return id;
  },

  'hear that a user rejects': async (run) => {
    await grant(run, 'diego');
    const id = await run.client.connect({ to: DIEGO }, offer().sdp);
    await run.target.pass(5);
    await run.consumer.hears('REJECTED', id);
    await run.consumer.hears('terminate', id);
    return id;
  },

  'hear a call, and pre-accept it': async (run) => {
    const { id, element, name } = await called(run, 'fede');
    expect(name).toBe('Fede');
    expect(element.session.sdp).toContain('a=setup:actpass');
    const done = await run.client.preAccept(String(id), answer().sdp);
    expect(done.success).toBe(true);
    return element;
  },

  'accept a call, and hear its end': async (run) => {
    const { calls }: Body = await run.target.people('GET', '/calls');
    const { call_id: id } = calls.find(({ user }: Body) => user === 'fede');
    const done = await run.client.accept(id, answer().sdp, 'ticket 7');
    expect(done.success).toBe(true);
    await run.target.pass(5);
    await run.target.people('POST', '/users/fede/hang-up', {});
    await run.target.pass(SECONDS_TO_RING);
    const { element, opaque, name } = await run.consumer.hears('terminate', id);
    expect([opaque, name, element.duration > 0]).toEqual(['ticket 7', 'Fede', true]);
    return done;
  },

  'reject a call': async (run) => {
    const { id } = await called(run, 'ines');
    const done = await run.client.reject(String(id));
    expect(done.success).toBe(true);
    await run.target.pass(SECONDS_TO_RING);
    await run.consumer.hears('terminate', id);
    return done;
  },

  'act on a call that is over: 100': async (run) => {
    const { calls }: Body = await run.target.people('GET', '/calls');
    const { code } = await refusal(run.client.accept(calls.find(({ user }: Body) => user === 'ines').call_id, answer().sdp));
    expect(code).toBe(100);
    return code;
  },

  'verify and read a name beyond ASCII': async (run) => {
    const name = 'Zoë Ñandú 😀 "\\"';
    await run.target.people('POST', '/users', { wa_id: '5215512349901', name });
    const heard = await called(run, '5215512349901');
    expect(heard.name).toBe(name);
    await run.client.reject(String(heard.id));
    return heard.id;
  },

  'refuse a body of which one bit was changed': async ({ client, consumer }) => {
    const { body = '', signature = '' } = consumer.received.at(-1) ?? {};
    await client.receive(body, signature);
    const at = body.indexOf('wacid') + 3;
    const forged = body.slice(0, at) + String.fromCharCode(body.charCodeAt(at) ^ 1) + body.slice(at + 1);
    await expect(client.receive(forged, signature)).rejects.toThrow();
    return null;
  },

  'read the settings': async ({ client }) => {
    if (isCannot(client.settings)) return client.settings;
    const { calling }: Body = await client.settings();
    expect(calling.status).toBe('ENABLED');
    return calling;
  },

  'change the settings': async ({ client }) => {
    if (isCannot(client.changeSettings)) return client.changeSettings;
    const done: Body = await client.changeSettings({ callIconVisibility: 'DISABLE_ALL' });
    expect(done.success).toBe(true);
    return done;
  },

  'hear a change of the settings': async ({ client, consumer }) => {
    if (isCannot(client.readsSettingsWebhooks)) return client.readsSettingsWebhooks;
    const { element } = await consumer.hears('accountSettingsUpdate');
    expect(element.phoneNumberSettings.calling.callIconVisibility).toBe('DISABLE_ALL');
    return element.type;
  },

  'show a wrong token: 190': async ({ another }) => {
    const { code } = await refusal(another({ token: 'no-token-of-anyone' }).terminate('wacid.NONE'));
    expect(code).toBe(190);
    return code;
  },

  'name a number that is not there: 100': async ({ another }) => {
    const { code } = await refusal(another({ phoneNumberId: '399999999999999' }).terminate('wacid.NONE'));
    expect(code).toBe(100);
    return code;
  },

  'ask for a recording or a transcription': async ({ client }) => client.capture,
  'read the fields of the number': async ({ client }) => client.number,
  'read past calls': async ({ client }) => client.history,
};
