import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fastify, { type FastifyInstance } from 'fastify';
import { simulatorPlugin } from '#simulator/plugin.js';
import { ourAnswer, ourOffer, TestSimulator } from '#simulator/simulator.fixture.js';

/** Reads a stream of events one screen at a time. */
class Page {
  #text = '';
  readonly #decoder = new TextDecoder();

  private constructor(
    private readonly reader: ReadableStreamDefaultReader<Uint8Array>,
    private readonly abort: AbortController,
  ) {}

  static async open(url: string): Promise<Page> {
    const abort = new AbortController();
    const { body } = await fetch(url, { signal: abort.signal });
    if (!body) throw new Error('no stream');
    return new Page(body.getReader(), abort);
  }

  async next() {
    while (!this.#text.includes('\n\n')) this.#text += this.#decoder.decode((await this.reader.read()).value, { stream: true });
    const end = this.#text.indexOf('\n\n');
    const data = this.#text.slice(0, end).replace(/^event: screen\ndata: /, '');
    this.#text = this.#text.slice(end + 2);
    return JSON.parse(data);
  }

  close(): void {
    this.abort.abort();
  }
}

describe('the phone page', () => {
  let play: TestSimulator;
  let app: FastifyInstance;
  let api: string;
  let page: Page | null;

  beforeEach(async () => {
    play = new TestSimulator();
    page = null;
    app = fastify({ forceCloseConnections: true });
    await app.register(simulatorPlugin, { prefix: '/simulator', simulator: play.simulator });
    await app.listen({ port: 0, host: '127.0.0.1' });
    api = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/simulator/api`;
  });

  afterEach(async () => {
    page?.close();
    await app.close();
  });

  const post = async (path: string, body: object = {}) => {
    const response = await fetch(`${api}${path}`, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const screen = async (user: string) => JSON.parse(await (await fetch(`${api}/users/${user}/screen`)).text());
  const sit = async (user: string): Promise<Page> => {
    page = await Page.open(`${api}/users/${user}/events?play=true`);
    return page;
  };
  const sdpOf = (kind: 'connect') => (play.last(kind).calls as { session: { sdp: string } }[])[0]?.session.sdp;

  test('a permission request is a card until it is answered, and the script waits for the person', async () => {
    const ana = await sit('ana');
    expect(await ana.next()).toMatchObject({ user: { id: 'ana' }, played_by_page: true, request: null, call: null, cannot_call: null });
    play.ask('ana');
    expect(await ana.next()).toMatchObject({ request: { text: 'May we call?' }, permission: { status: 'no_permission' } });
    play.pass(3_600);
    expect(play.kinds()).not.toContain('permission_reply');
    await post('/users/ana/grant', { kind: 'temporary' });
    expect(await ana.next()).toMatchObject({ request: null, permission: { status: 'temporary' } });
    expect(play.kinds()).toContain('permission_reply');
  });

  test('an incoming call shows the offer, leaves with the SDP of the page in the shape of Meta, and rings until answered', async () => {
    play.simulator.permissionSimulation.setSilently(play.user('ana'), 'permanent');
    const ana = await sit('ana');
    await ana.next();
    play.dial('ana');
    expect(await ana.next()).toMatchObject({ call: { state: 'connecting', media: 'page', session: { sdp_type: 'offer' } } });
    play.pass(0.5);
    expect(play.kinds()).toEqual([]);
    const session = ourAnswer();
    expect((await post('/users/ana/session', { session: { ...session, sdp: 'v=0' } })).status).toBe(400);
    expect((await post('/users/ana/session', { session })).status).toBe(200);
    expect(play.kinds()).toEqual(['connect']);
    expect(sdpOf('connect')).toContain(/a=ice-pwd:\S+/.exec(session.sdp)?.[0]);
    expect((await post('/users/ana/session', { session })).status).toBe(409);
    play.pass(30);
    expect(play.kinds()).toEqual(['connect', 'ringing']);
    await post('/users/ana/answer');
    play.pass(600);
    expect(play.kinds()).toEqual(['connect', 'ringing', 'accepted']);
    await post('/users/ana/hang-up');
    expect(await screen('ana')).toMatchObject({ call: null, last_call: { ended_because: 'the user hung up', session: null } });
  });

  test('a page that never prepares its sound does not keep the call from ringing', async () => {
    play.simulator.permissionSimulation.setSilently(play.user('ana'), 'permanent');
    await sit('ana');
    play.dial('ana');
    play.pass(5);
    expect(play.kinds().sort()).toEqual(['connect', 'ringing']);
    expect((await post('/users/ana/session', { session: ourAnswer() })).status).toBe(409);
  });

  test("a call of the page carries the page's offer and shows the answer of the business", async () => {
    await sit('fede');
    const offer = ourOffer();
    const { body } = await post('/users/fede/call', { session: offer });
    expect(sdpOf('connect')).toContain(/a=ice-ufrag:\S+/.exec(offer.sdp)?.[0]);
    const session = ourAnswer();
    play.act('pre_accept', body.call.call_id, { session });
    expect(await screen('fede')).toMatchObject({ call: { state: 'ringing', session }, cannot_call: { code: 'in_call' } });
    play.act('accept', body.call.call_id, { session });
    play.pass(600);
    expect(await screen('fede')).toMatchObject({ call: { state: 'in_progress', session } });
  });

  test('a closed page gives the phone back to the script, and ends its call unless it is opened again in time', async () => {
    await sit('fede');
    await post('/users/fede/call', { session: ourOffer() });
    page?.close();
    while (play.simulator.pages.has(play.user('fede'))) await new Promise(setImmediate);
    const again = await sit('fede');
    play.pass(6);
    expect(play.simulator.context.calls.live()).toHaveLength(1);
    again.close();
    while (play.simulator.pages.has(play.user('fede'))) await new Promise(setImmediate);
    play.pass(6);
    expect(play.simulator.context.calls.live()).toHaveLength(0);
  });

  test('a mere look leaves the script alone, and nobody is nobody', async () => {
    page = await Page.open(`${api}/users/ana/events`);
    expect(await page.next()).toMatchObject({ played_by_page: false });
    expect((await fetch(`${api}/users/nobody/screen`)).status).toBe(404);
  });

  test('its files are served under a policy that lets nothing in from elsewhere, and hold nothing inline', async () => {
    const answer = await app.inject('/simulator/phone?user=ana');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.body).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/);
    for (const [, file] of answer.body.matchAll(/(?:src|href)="(phone\/[^"]+)"/g)) {
      const { statusCode, headers } = await app.inject(`/simulator/${file}`);
      expect([file, statusCode]).toEqual([file, 200]);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    }
    expect(answer.headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/);
    expect((await app.inject('/simulator')).body).toContain('/simulator/phone?user=ana');
  });
});
