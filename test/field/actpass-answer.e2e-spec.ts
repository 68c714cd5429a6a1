import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CallsService } from '#calling/call/calls.service.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { answer, offer } from '../sdp.js';
import { World } from '../world.js';

const HUGO = '5215512340008';

describe.each(engines)('the SDP of calls, on %s,', (engine) => {
  let world: World;
  beforeEach(async () => {
    world = await World.open({ engine });
    await world.greet();
    world.allow(HUGO);
  });
  afterEach(() => world.close());

  const answered = (wacid: string, sdp: string) =>
    world.deliver({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '200000000000001',
          changes: [
            {
              field: 'calls',
              value: {
                messaging_product: 'whatsapp',
                metadata: { display_phone_number: '5215500000001', phone_number_id: '300000000000001' },
                calls: [
                  {
                    id: wacid,
                    from: '5215500000001',
                    to: HUGO,
                    event: 'connect',
                    direction: 'BUSINESS_INITIATED',
                    timestamp: String(Math.floor(world.clock.now() / 1000)),
                    session: { sdp_type: 'answer', sdp },
                  },
                ],
              },
            },
          ],
        },
      ],
    });
  const roleOf = (sdp: string, role: string) => sdp.replace(/a=setup:\w+/, `a=setup:${role}`);

  it('an answer that leaves the DTLS role open is valid for consumers, in the event and in the call; the inbox keeps it as it came', async () => {
    const dialled = await world.do('make-call', { to: HUGO, session: offer() });
    await answered(dialled.body.call_id, roleOf(answer().sdp, 'actpass'));
    const shown = (await world.call(dialled.body.id)).session;
    expect(shown).toEqual({ sdp_type: 'answer', sdp: answer().sdp });
    // What events of the call are filled with on each delivery.
    const { id } = dialled.body;
    expect(await world.app.get(CallsService).sessionsOf([id])).toEqual(new Map([[id, shown]]));
    const [kept] = await world.app.get(Store).read.selectFrom('deliveries').select('body').orderBy('id', 'desc').limit(1).execute();
    expect(Buffer.from(kept?.body ?? '').toString()).toContain('a=setup:actpass');
  });

  it.each(['make-call', 'connect'])('an answer that leaves the role open takes the role that the offer of %s left to it', async (verb) => {
    const session = { sdp_type: 'offer', sdp: roleOf(offer().sdp, 'active') };
    const waiting = verb === 'connect' ? (await world.do('make-call', { to: HUGO })).body : null;
    const { body } = waiting ? await world.do('connect', { id: waiting.id, session }) : await world.do('make-call', { to: HUGO, session });
    await answered(body.call_id, roleOf(answer().sdp, 'actpass'));
    expect((await world.call(body.id)).session.sdp).toBe(roleOf(answer().sdp, 'passive'));
    const sessions = await world.app.get(CallsService).sessionsOf([body.id]);
    expect(sessions.get(body.id)).toMatchObject({ sdp: expect.stringContaining('a=setup:passive') });
  });

  const without = {
    Opus: (sdp: string) => sdp.replace(/a=rtpmap:111.*\r\n/, ''),
    'a send direction': (sdp: string) => sdp.replace('a=sendrecv', 'a=recvonly'),
  };
  const MESSAGE = { Opus: /Opus/, 'a send direction': /recvonly/ };

  it.each(['Opus', 'a send direction'] as const)(
    'without %s is a 422 that says so: make-call, connect, pre-accept and accept',
    async (lack) => {
      const refusal = {
        status: 422,
        body: { code: 'invalid_request', errors: [{ field: 'session.sdp', message: expect.stringMatching(MESSAGE[lack]) }] },
      };
      const bad = ({ sdp_type, sdp }: { sdp_type: string; sdp: string }) => ({ sdp_type, sdp: without[lack](sdp) });
      expect(await world.do('make-call', { to: HUGO, session: bad(offer()) })).toMatchObject(refusal);
      const { body } = await world.do('make-call', { to: HUGO });
      expect(await world.do('connect', { id: body.id, session: bad(offer()) })).toMatchObject(refusal);
      expect((await world.call(body.id)).state).toBe('ready');
      const ringing = await world.ring('5215512340001');
      for (const verb of ['pre-accept', 'accept'])
        expect(await world.do(verb, { call_id: ringing.call_id, session: bad(answer()) })).toMatchObject(refusal);
      expect((await world.call(ringing.id)).state).toBe('ringing');
      const spanish = await world.do('make-call', { to: HUGO, session: bad(offer()) }, { 'accept-language': 'es' });
      expect(spanish.body.errors[0].message).not.toMatch(/^has|^sends/);
    },
  );
});
