import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { AnsweringServer, dialled, done, drop, json, type Reply, WACID } from '../answering-server.fixture.js';
import type { Dialog360Client } from '../dialog360.client.js';
import type { Session } from '../fact.js';

const offer: Session = { sdp_type: 'offer', sdp: 'v=0\r\n' };
const ana = { waId: '5215512345678' };
/** Those of the 32 slots that any request may take. */
const ANY = 24;

describe('towards 360dialog', () => {
  const server = new AnsweringServer();
  let client: Dialog360Client;
  let held: ServerResponse[];

  beforeAll(() => server.start());
  beforeEach(() => {
    held = [];
    // No cool-down ends by itself, however busy the machine.
    jest.spyOn(performance, 'now').mockReturnValue(0);
    client = server.client();
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
  afterAll(() => server.stop());

  const hold: Reply = (res) => void held.push(res);
  const dial = (n = 0) => client.connect(ana, offer, `call_${n}`);
  const dials = (count: number) => Array.from({ length: count }, (_, n) => dial(n));
  const arrived = async (count: number) => {
    while (server.seen.length < count) await pause(5);
  };
  const finish = () => {
    for (const res of held.splice(0)) dialled(res, res.req);
  };

  it('at most 32 requests are under way, eight of them only ends of calls; the others wait and are sent when one ends', async () => {
    server.answering(hold);
    const all = dials(ANY + 6);
    await arrived(ANY);
    const ends = Array.from({ length: 8 }, () => client.terminate(WACID));
    await arrived(ANY + 8);
    const late = client.terminate(WACID);
    await pause(50);
    expect(server.seen).toHaveLength(ANY + 8);
    expect(client.load).toMatchObject({ underWay: 32, waiting: 7, circuit: 'closed', retryAt: null });
    server.answering(dialled);
    finish();
    expect((await Promise.all(all)).every(({ outcome }) => outcome === 'accepted')).toBe(true);
    await Promise.all([...ends, late]);
    expect(client.load).toMatchObject({ underWay: 0, waiting: 0 });
  });

  it('a request that gets no turn within two seconds is refused, says when to try again, and was not sent', async () => {
    server.answering(hold);
    const all = dials(ANY);
    await arrived(ANY);
    const late = await dial();
    expect(late).toMatchObject({ outcome: 'refused', problem: { code: 'upstream_busy', upstream: null }, exchange: { status: null } });
    expect(late.outcome === 'refused' && (late.problem.retryAt ?? 0) > Date.now()).toBe(true);
    expect(server.seen).toHaveLength(ANY);
    finish();
    await Promise.all(all);
  });

  it.each<[string, Reply]>([
    ['connections that break', drop],
    ['5xx', json({ error: { code: 1, message: 'An unknown error has occurred.' } }, 500)],
  ])('after five times in a row of %s nothing more is sent, and the refusal says until when', async (_, reply) => {
    server.answering(reply);
    for (let n = 0; n < 5; n += 1) expect((await dial()).outcome).not.toBe('refused');
    const refused = await dial();
    expect(refused).toMatchObject({ outcome: 'refused', problem: { code: 'upstream_circuit_open' } });
    const { retryAt } = client.load;
    expect([retryAt, refused.outcome === 'refused' ? refused.problem.retryAt : null]).toEqual([expect.any(Number), expect.any(Number)]);
    await expect(client.readSettings()).rejects.toMatchObject({ code: 'upstream_circuit_open' });
    expect(server.seen).toHaveLength(5);
    expect(client.load.circuit).toBe('open');
  });

  it('ends of calls pass an open circuit, and one that succeeds closes it', async () => {
    server.answering(drop);
    await Promise.all(dials(5));
    expect((await client.terminate(WACID)).outcome).toBe('unknown');
    expect(client.load.circuit).toBe('open');
    server.answering(done);
    expect((await client.reject(WACID)).outcome).toBe('accepted');
    server.answering(dialled);
    expect((await dial()).outcome).toBe('accepted');
  });

  it('refusals of 360dialog never open it', async () => {
    server.answering(json({ error: { code: 138_012, message: 'Limit reached' } }, 400));
    for (let n = 0; n < 12; n += 1) await dial();
    server.answering(json({}, 429));
    for (let n = 0; n < 12; n += 1) await dial();
    expect([client.load.circuit, server.seen.length]).toEqual(['closed', 24]);
  });
});
