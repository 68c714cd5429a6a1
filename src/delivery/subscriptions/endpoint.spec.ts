import { Webhook } from 'standardwebhooks';
import { OutboxService } from '#events/outbox.service.js';
import { OutboxStore } from '#events/outbox.store.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { engines } from '#store/temporary-database.fixture.js';
import { type Endpoint, type Gateway, OWNER, type Received, TestBed } from './delivery.fixture.js';
import { secretOf } from './subscription.js';

interface Question {
  type: string;
  data: { challenge: string };
}

/** The response of an endpoint to a challenge. */
type Response = (challenge: string) => [status: number, text: string];

describe.each(engines)('an endpoint that is asked first, on %s', (engine) => {
  let bed: TestBed;
  let gateway: Gateway;
  let hook: Endpoint;

  beforeEach(async () => {
    bed = new TestBed((store) => new OutboxService(new OutboxStore(store), store));
    gateway = await bed.open(engine);
    gateway.settings.eventsChallenge = true;
    hook = await bed.endpoint();
  });
  afterEach(() => bed.close());

  const says = (response: Response) => {
    hook.reply = (body) => {
      const { type, data } = JSON.parse(body) as Question;
      return type === 'endpoint.verify' ? response(data.challenge) : [204, ''];
    };
  };

  it.each<[string, Response]>([
    ['as JSON', (challenge) => [200, JSON.stringify({ challenge })]],
    ['as text', (challenge) => [202, `${challenge}\n`]],
  ])('gets events once it gave the challenge back %s', async (_, response) => {
    says(response);
    await gateway.subscribe(hook.url);
    await gateway.publish({});
    await gateway.workers.flush();
    expect(hook.got.map(({ event }) => event.type)).toEqual(['endpoint.verify', 'call.updated']);
  });

  it.each<[string, Response, RegExp, RegExp]>([
    [
      'answers every request with 204',
      () => [204, ''],
      /^answered 204 without the challenge$/,
      /^respondió 204 sin el valor de challenge$/,
    ],
    [
      'gives back another',
      (challenge) => [200, JSON.stringify({ challenge: `${challenge}x` })],
      /^answered 200 without/,
      /^respondió 200 sin/,
    ],
    ['mentions it somewhere', (challenge) => [200, `<p>${challenge}</p>`], /^answered 200 without/, /^respondió 200 sin/],
    [
      'gives it back too late in its answer',
      (challenge) => [200, ' '.repeat(1_024) + challenge],
      /^answered 200 without/,
      /^respondió 200 sin/,
    ],
    ['gives it back with a refusal', (challenge) => [401, challenge], /^answered 401 when it was asked/, /^respondió 401 al/],
    ['leads elsewhere', (challenge) => [302, challenge], /^answered 302 when it was asked/, /^respondió 302 al/],
  ])('gets none when it %s', async (_, response, en, es) => {
    says(response);
    const errors = [{ field: 'url', message: { en: expect.stringMatching(en), es: expect.stringMatching(es) } }];
    await expect(gateway.subscribe(hook.url)).rejects.toMatchObject({ code: 'endpoint_not_verified', errors });
    expect(await gateway.service.list(EVERY_NUMBER, 10, null)).toEqual([]);
    expect(hook.attempts).toBe(1);
  });

  it('gets none when no server answers', async () => {
    const gone = hook.url;
    hook.close();
    const message = { en: expect.stringContaining('did not answer (ECONNREFUSED)'), es: expect.stringContaining('no respondió') };
    await expect(gateway.subscribe(gone)).rejects.toMatchObject({ code: 'endpoint_not_verified', errors: [{ field: 'url', message }] });
  });

  it('is asked again when the URL changes, signed so that it can verify it, and only then', async () => {
    bed.clock.pass(Date.now() - bed.clock.now());
    says((challenge) => [200, challenge]);
    const { id, secret } = await gateway.subscribe(hook.url);
    const moved = `${hook.url}/moved`;
    await gateway.service.change(OWNER, id, { description: 'x', url: hook.url, paused: true });
    expect(hook.got).toHaveLength(1);
    await gateway.service.change(OWNER, id, { url: moved });
    const { body, headers } = hook.got[1] as Received;
    expect(new Webhook(secretOf({ secret })).verify(body, headers as Record<string, string>)).toMatchObject({ type: 'endpoint.verify' });
    const asked = hook.got.map((got) => (got.event.data as unknown as Question['data']).challenge);
    expect(new Set(asked).size).toBe(2);
    says(() => [204, '']);
    await expect(gateway.service.change(OWNER, id, { url: hook.url })).rejects.toMatchObject({ code: 'endpoint_not_verified' });
    expect((await gateway.service.require(EVERY_NUMBER, id)).url).toBe(moved);
  });

  it('is asked nothing where the gateway does not ask', async () => {
    gateway.settings.eventsChallenge = false;
    await gateway.subscribe(hook.url);
    expect(hook.attempts).toBe(0);
  });
});
