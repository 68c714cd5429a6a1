import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Scope } from '#access/authorization/scope.js';
import { ApiKeysService } from '#access/keys/api-keys.service.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { SecretsModule } from '#secrets/secrets.module.js';
import { Store } from '#store/store.js';
import { type TemporaryStore, temporaryStore } from '#store/temporary-store.fixture.js';
import { Metrics } from '#telemetry/metrics.js';
import type { EventType } from './event.js';
import { EventsModule } from './events.module.js';
import { EVENTS_KEY, eventsApp } from './events-app.fixture.js';
import { KeyReachesService } from './key-reaches.service.js';
import { ListenersService } from './listeners.service.js';
import { OutboxService } from './outbox.service.js';
import { PresenterService } from './presenter.service.js';
import { Reader } from './stream-reader.fixture.js';
import { StreamsService } from './streams.service.js';

/** The moments that readers are given to take what they were sent: each lasts until a test ends it. */
function heldMoments(): AbortController[] {
  const moments: AbortController[] = [];
  jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
    const moment = new AbortController();
    moments.push(moment);
    return moment.signal;
  });
  return moments;
}

describe('GET /api/events', () => {
  let database: TemporaryStore;
  let app: NestFastifyApplication;
  let store: Store;
  const readers: Reader[] = [];

  beforeEach(async () => {
    database = await temporaryStore('sqlite');
    store = await database.open();
    app = await eventsApp(store, [SecretsModule, EventsModule]);
    await app.get(ApiKeysService).prepare();
    await app.listen(0, '127.0.0.1');
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const reader of readers.splice(0)) reader.leave();
    await app.close();
    await database.remove();
  });

  const open = async (query = '', headers: Record<string, string> = {}): Promise<Reader> => {
    const { port } = app.getHttpServer().address() as AddressInfo;
    const options = {
      port,
      path: `/api/events${query}`,
      agent: false as const,
      headers: { authorization: `Bearer ${EVENTS_KEY}`, ...headers },
    };
    const reader = new Reader(
      await new Promise<IncomingMessage>((resolve, reject) => {
        get(options, resolve).on('error', reject);
      }),
    );
    readers.push(reader);
    return reader;
  };
  const publish = (sequence: number, type: EventType = 'call.updated', phoneNumberId = '1', data: unknown = { id: 'call_1' }) =>
    store.write((tx) =>
      app.get(OutboxService).append(tx, { type, subject: 'call_1', sequence, phoneNumberId, occurredAt: 0, expiresAt: null, data }),
    );
  const madeKey = async (...scopes: Scope[]) => {
    const keys = app.get(ApiKeysService);
    const owner = await keys.authenticate(EVENTS_KEY);
    if (!owner) throw new Error('no owner');
    const { text } = await keys.create(owner, 'a consumer', scopes, undefined);
    return { authorization: `Bearer ${text}` };
  };

  it('streams events from now on, under the headers of the gateway', async () => {
    await publish(1);
    const reader = await open();
    expect(reader.response.statusCode).toBe(200);
    expect(reader.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
      'x-gateway-mode': 'simulator',
    });
    await publish(2, 'call.incoming');
    await reader.until(() => reader.heard.length === 1);
    const [sent] = reader.events;
    expect(sent).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: 'call.incoming',
      occurred_at: '1970-01-01T00:00:00.000Z',
      sequence: 2,
      phone_number_id: '1',
      data: { id: 'call_1', session: null },
    });
    expect(reader.frames.find(({ data }) => data)).toMatchObject({ id: sent?.id });
    expect(reader.frames[0]?.retry).toBeGreaterThanOrEqual(2_000);
  });

  it('resumes after Last-Event-ID with everything missed, once and in order, while more happens', async () => {
    const first = await open();
    await publish(1);
    await first.until(() => first.heard.length === 1);
    first.leave();
    for (let i = 2; i <= 300; i += 1) await publish(i);
    const more = (async () => {
      for (let i = 301; i <= 400; i += 1) await publish(i);
    })();
    const second = await open('', { 'last-event-id': first.events[0]?.id ?? '' });
    await more;
    await second.until(() => second.heard.length >= 399);
    expect(second.heard).toEqual(Array.from({ length: 399 }, (_, i) => i + 2));
  });

  it('ends with its key, at once', async () => {
    const headers = await madeKey('events:read');
    const reader = await open('', headers);
    const [made] = (await app.get(ApiKeysService).list(EVERY_NUMBER, 10, null)).filter(({ name }) => name === 'a consumer');
    await app.get(ApiKeysService).delete(EVERY_NUMBER, made?.id ?? '');
    await reader.until(() => reader.closed);
  });

  it('ends within a second of the deletion of its key by another process', async () => {
    const reader = await open('', await madeKey('events:read'));
    const staying = await open();
    await store.write((tx) => tx.deleteFrom('api_keys').where('name', '=', 'a consumer').execute());
    const { timeout } = Reflect.getMetadata('SCHEDULE_INTERVAL_OPTIONS', KeyReachesService.prototype.look);
    expect(timeout).toBeLessThan(1_000);
    await app.get(KeyReachesService).look();
    expect(app.get(StreamsService).count).toBe(1);
    await reader.until(() => reader.closed);
    expect(staying.closed).toBe(false);
  });

  it('carries without types only what its key may read, and with types refuses what it may not', async () => {
    const headers = await madeKey('events:read', 'settings:read');
    const reader = await open('', headers);
    await publish(1, 'call.incoming');
    await publish(2, 'compliance.report');
    await publish(3, 'settings.updated');
    await reader.until(() => reader.heard.length > 0);
    expect(reader.heard).toEqual([3]);
    const refused = await open('?types=call.ended,settings.updated,webhook.silent', headers);
    expect(refused.response.statusCode).toBe(403);
    const answers: string[] = [];
    for await (const part of refused.response) answers.push(String(part));
    expect(answers.join('')).toContain('calls:read, status:read');
  });

  it('is of our number only', async () => {
    expect((await open('?phone_number_id=2')).response.statusCode).toBe(422);
  });

  it('gives a cursor to resume from before the first event', async () => {
    await publish(1);
    const first = await open();
    await first.until(() => first.frames.length > 0);
    first.leave();
    await publish(2);
    const second = await open(`?last_event_id=${first.frames[0]?.id}`);
    await second.until(() => second.heard.length === 1);
    expect(second.heard).toEqual([2]);
  });

  it.each(['nonsense', `evt_${'0'.repeat(21)}9`])('sends a reset to a reader with the unknown id %p', async (lastEventId) => {
    await publish(1);
    const reader = await open('', { 'last-event-id': lastEventId });
    await publish(2);
    await reader.until(() => reader.heard.length === 1);
    expect(reader.frames.map(({ event }) => event)).toEqual([undefined, 'reset', undefined]);
    expect(reader.heard).toEqual([2]);
  });

  it('lets only the chosen types and number through', async () => {
    const reader = await open('?types=call.ended,call.incoming&phone_number_id=1');
    await publish(1);
    await publish(2, 'call.incoming');
    await publish(3, 'call.ended', '2');
    await publish(4, 'call.ended');
    await reader.until(() => reader.heard.length === 2);
    expect(reader.heard).toEqual([2, 4]);
  });

  it('names the field when a type is unknown', async () => {
    const reader = await open('?types=call.ended,call.exploded');
    expect(reader.response.statusCode).toBe(422);
    await reader.until(() => reader.closed);
  });

  it('refuses readers without a key or without the scope', async () => {
    expect((await open('', { authorization: '' })).response.statusCode).toBe(401);
    expect((await open('', await madeKey('calls:read'))).response.statusCode).toBe(403);
  });

  it('shows the session only to keys that may control calls', async () => {
    const session = { sdp_type: 'offer', sdp: 'v=0' };
    app.get(PresenterService).sessions = { sessionsOf: async () => new Map([['call_1', session]]) };
    const [controls, reads] = [await open(), await open('', await madeKey('events:read', 'calls:read', 'settings:read'))];
    await publish(1, 'call.incoming', '1', { id: 'call_1', session });
    await publish(2, 'settings.updated', '1', { calling: {} });
    for (const reader of [controls, reads]) await reader.until(() => reader.heard.length === 2);
    expect(controls.events.map(({ data }) => data)).toEqual([{ id: 'call_1', session }, { calling: {} }]);
    expect(reads.events.map(({ data }) => data)).toEqual([{ id: 'call_1', session: null }, { calling: {} }]);
  });

  it('sends an event without its session when the session cannot be read', async () => {
    app.get(PresenterService).sessions = { sessionsOf: () => Promise.reject(new Error('unreadable')) };
    const reader = await open();
    await publish(1, 'call.incoming');
    await reader.until(() => reader.heard.length === 1);
    expect(reader.events[0]?.data).toEqual({ id: 'call_1', session: null });
  });

  it('keeps a reader who reads, though a burst is more than its socket takes at once', async () => {
    const moments = heldMoments();
    const reader = await open();
    await reader.until(() => reader.frames.length > 0);
    const at = { type: 'settings.updated', subject: 'settings', phoneNumberId: '1', occurredAt: 0, expiresAt: null } as const;
    const sequences = Array.from({ length: 400 }, (_, i) => i + 1);
    await store.write(async (tx) => {
      for (const sequence of sequences) await app.get(OutboxService).append(tx, { ...at, sequence, data: { text: 'x'.repeat(20_000) } });
    });
    await reader.until(() => reader.heard.length === sequences.length || reader.closed);
    expect(reader.closed).toBe(false);
    expect(reader.heard).toHaveLength(sequences.length);
    expect(moments.length).toBeGreaterThan(0);
  });

  it('drops a reader who does not read, and serves the others', async () => {
    const moments = heldMoments();
    const [slow, quick] = [await open(), await open()];
    slow.response.pause();
    const large = { text: 'x'.repeat(200_000) };
    const streams = app.get(StreamsService);
    let sequence = 0;
    while (streams.count === 2 && sequence < 200) {
      const former = moments.splice(0);
      sequence += 1;
      await publish(sequence, 'settings.updated', '1', large);
      await quick.until(() => quick.heard.length === sequence);
      // A reader that has the next event has taken those before it: of the former moments only that of the slow reader is still open.
      for (const moment of former) moment.abort();
    }
    expect(streams.count).toBe(1);
    expect(sequence).toBeLessThan(200);
    expect(quick.closed).toBe(false);
  });

  it('says goodbye and ends every stream when the gateway stops', async () => {
    const reader = await open();
    await reader.until(() => reader.frames.length > 0);
    await app.close();
    await reader.until(() => reader.closed);
    expect(reader.frames.at(-1)).toMatchObject({ event: 'draining' });
    expect(app.get(StreamsService).count).toBe(0);
  });

  it('counts those who may answer an inbound call of a number among its listeners', async () => {
    const listeners = app.get(ListenersService);
    await open('', await madeKey('events:read', 'calls:read'));
    await open('?types=call.ended');
    expect(await listeners.count('1')).toBe(0);
    await open('?types=call.incoming');
    await open('?phone_number_id=1');
    expect(await listeners.count('1')).toBe(2);
    expect(await listeners.count('2')).toBe(1);
  });

  it('forgets a reader who leaves', async () => {
    const reader = await open();
    const streams = app.get(StreamsService);
    expect(streams.count).toBe(1);
    const measured = async () => (await app.get(Metrics).streams.get()).values[0]?.value;
    expect(await measured()).toBe(1);
    reader.leave();
    while (streams.count > 0) await new Promise(setImmediate);
    expect(streams.count).toBe(0);
    expect(await measured()).toBe(0);
  });
});
