import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { SystemClock } from '#kernel/clock.js';
import { HeadlessPhone } from '#simulator/phone/headless-phone.js';
import { keepTrack, loadMediaLibrary, type MediaLibrary } from '#simulator/phone/media-library.js';
import { simulatorPlugin } from '#simulator/plugin.js';
import { ourOffer } from '#simulator/simulator.fixture.js';
import { Simulator } from '#simulator/simulator.js';
import type { SimulatedChange } from '#simulator/webhooks/change.js';
import { type SimulatedSession, transportOf } from '#simulator/world/sdp.js';

/** Within a tenth of it two peers of one machine are connected. */
const HASTE_MS = 200;

/** Media flows in real time, so this one place waits for it. */
async function until(what: string, holds: () => unknown): Promise<void> {
  const end = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

describe('real media', () => {
  let library: MediaLibrary;
  let simulator: Simulator;
  let app: FastifyInstance;
  let told: SimulatedChange[];
  let ours: HeadlessPhone | null;

  beforeEach(async () => {
    const loaded = await loadMediaLibrary();
    if (!loaded) throw new Error('node-datachannel is not installed');
    library = loaded;
    told = [];
    ours = null;
    simulator = new Simulator({ clock: new SystemClock(), apiKey: 'key' });
    simulator.context.send = (change) => told.push(change);
    for (const { script } of simulator.context.users.all()) script.call_after_seconds = 0;
    simulator.permissionSimulation.setSilently(user('ana'), 'permanent');
    simulator.start();
    app = fastify();
    await app.register(simulatorPlugin, { prefix: '/simulator', simulator });
  });

  afterEach(async () => {
    ours?.hangUp();
    await app.close();
  });

  const user = (id: string) => {
    const found = simulator.context.users.find(id);
    if (!found) throw new Error(`no user ${id}`);
    return found;
  };
  const perform = (action: string, more: object) => simulator.calls.perform({ messaging_product: 'whatsapp', action, ...more });
  const dial = (session: SimulatedSession): string => {
    const { calls } = perform('connect', { to: user('ana').waId, session });
    return String((calls as { id: string }[])[0]?.id);
  };
  const heard = async (id: string) => (await app.inject(`/simulator/api/calls/${encodeURIComponent(id)}/media`)).json();
  const toldOf = (kind: string): SimulatedSession | undefined => {
    const change = told.find((item) => item.kind === kind);
    return (change?.value.calls as { session: SimulatedSession }[] | undefined)?.[0]?.session;
  };

  test('Ana is called and both sides hear each other, she not before she answers', async () => {
    user('ana').script.on_call = 'no_answer';
    const [phone, offer] = await HeadlessPhone.offer(library, Date.now);
    ours = phone;
    const id = dial(offer);
    await until('the connect webhook leaves', () => toldOf('connect'));
    phone.take(toldOf('connect')?.sdp ?? '');
    await until('media is connected', () => phone.connected);
    expect(await heard(id)).toMatchObject({ peer: 'headless', connected: true, packets_sent: 0, speaking: false, last_packet_at: null });
    simulator.callSimulation.answer(simulator.context.calls.liveWith(user('ana')) ?? never());
    phone.talk();
    await until('we hear the tone', () => phone.hearing.speaking(Date.now()));
    const call = simulator.context.calls.get(id) ?? never();
    await until('she hears us', () => simulator.phones.report(call).speaking);
    const media = await heard(id);
    expect(media).toMatchObject({ connected: true, speaking: true, last_packet_at: expect.stringMatching(/Z$/) });
    expect(media.packets_sent).toBeGreaterThan(0);
    expect(media.packets_received).toBeGreaterThan(0);
    expect(media.bytes_received / media.packets_received).toBeGreaterThan(30);
    simulator.callSimulation.hangUp(call);
    expect(await heard(id)).toMatchObject({ peer: 'headless', connected: false, speaking: false, packets_sent: expect.any(Number) });
  });

  test('Fede calls: media is warm after pre-accept, and he speaks only once the business accepts', async () => {
    const call = simulator.callSimulation.callIn(user('fede'), { giveUpAfterSeconds: 45 });
    await until('the connect webhook leaves', () => toldOf('connect'));
    const [phone, session] = await HeadlessPhone.answer(library, toldOf('connect')?.sdp ?? '', Date.now);
    ours = phone;
    perform('pre_accept', { call_id: call.id, session });
    await until('media is connected', () => phone.connected && simulator.phones.report(call).connected);
    expect(simulator.phones.report(call).packetsSent).toBe(0);
    perform('accept', { call_id: call.id, session });
    await until('we hear him', () => phone.hearing.speaking(Date.now()));
    expect(simulator.phones.report(call)).toMatchObject({ packetsReceived: 0, speaking: false });
  });

  test('a phone that calls lets nobody connect before it has the answer, and a second answer changes nothing', async () => {
    const [caller, offer] = await HeadlessPhone.offer(library, Date.now);
    ours = caller;
    const other = new library.PeerConnection('other', { iceServers: [], disableAutoNegotiation: true });
    try {
      keepTrack(other.addTrack(new library.Audio(transportOf(offer.sdp).mid, 'SendRecv')));
      other.setRemoteDescription(offer.sdp, 'offer');
      other.setLocalDescription('answer');
      await until('the other side has its candidates', () => other.gatheringState() === 'complete');
      await new Promise((done) => setTimeout(done, HASTE_MS));
      expect([caller.connected, other.iceState()]).toEqual([false, 'checking']);
      const answer = other.localDescription()?.sdp ?? '';
      caller.take(answer);
      caller.take(answer);
      await until('media is connected', () => caller.connected && other.state() === 'connected');
    } finally {
      other.close();
    }
  });

  test('an offer that leads nowhere still rings, is answered and ends, without media', async () => {
    const id = dial(ourOffer());
    await until('she answers', () => told.some(({ kind }) => kind === 'accepted'));
    expect(await heard(id)).toMatchObject({ peer: null, connected: null, packets_sent: null, speaking: null });
    perform('terminate', { call_id: id });
    await until('the end is told', () => told.some(({ kind }) => kind === 'terminate'));
    expect((await app.inject('/simulator/api/calls/wacid.none/media')).statusCode).toBe(404);
  });

  test("the phone's SDP has the shape of Meta's, with the payload types of the offer", async () => {
    const [phone, offer] = await HeadlessPhone.offer(library, Date.now);
    ours = phone;
    dial({ ...offer, sdp: offer.sdp.replaceAll(/\b111\b/g, '109').replaceAll(/\b126\b/g, '101') });
    await until('the connect webhook leaves', () => toldOf('connect'));
    const sdp = toldOf('connect')?.sdp ?? '';
    expect(sdp).toMatch(/\r\nm=audio \d+ UDP\/TLS\/RTP\/SAVPF 109 101\r\n/);
    expect(transportOf(sdp)).toMatchObject({ setup: 'active', mid: 'audio', opus: 109, digits: 101 });
  });
});

function never(): never {
  throw new Error('no such call');
}
