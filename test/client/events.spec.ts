import { afterEach, describe, expect, it } from '@jest/globals';
import { FrameReader } from '../../clients/typescript/src/frames.ts';
import { createGateway, type EventsOptions, type EventType, GatewayError } from '../../clients/typescript/src/index.ts';
import { type Connection, EventServer } from './event-server.js';

const frame = (id: number) => `id: e${id}\ndata: ${JSON.stringify({ id: `e${id}`, type: 'call.ended', sequence: id, data: {} })}\n\n`;
const frames = (...ids: number[]) => ids.map(frame).join('');
const problem = (code: string) => JSON.stringify({ code, detail: 'It is so.', remedy: 'Do this.', retryable: true, retry_at: null });
const RESET = 'event: reset\nid: e90\ndata: {"reason":"last_event_id_unknown"}\n\n';

describe('the stream of events of the client', () => {
  let server: EventServer;
  afterEach(() => server?.close());

  /** Reads until so many events were heard. */
  async function read<T extends EventType>(script: Connection[], count: number, options: EventsOptions<T> = {}) {
    server = await EventServer.open(script);
    const gateway = createGateway({ url: server.url, key: 'wac_key', language: 'es' });
    const stream = await gateway.events({ backoff: { min: 1, max: 20 }, ...options });
    const heard: number[] = [];
    for await (const { sequence } of stream) {
      heard.push(sequence);
      if (heard.length === count) break;
    }
    return { heard, stream };
  }
  const resumedAfter = () => server.asked.map(({ headers }) => headers['last-event-id']);

  it('is asked for with its filters and its key', async () => {
    await read([{ body: frames(1), after: 'hold' }], 1, { types: ['call.ended', 'call.ready'], phoneNumberId: '300', lastEventId: 'e0' });
    expect(server.asked[0]).toMatchObject({
      url: '/api/events?types=call.ended%2Ccall.ready&phone_number_id=300',
      headers: { authorization: 'Bearer wac_key', accept: 'text/event-stream', 'accept-language': 'es', 'last-event-id': 'e0' },
    });
  });

  it('resumes after the last event when a connection ends, breaks within a frame, or is refused for a time', async () => {
    const script: Connection[] = [
      { body: frames(1, 2) },
      { body: frames(3) + frame(4).slice(0, -5), after: 'break' },
      { status: 503, body: problem('store_unavailable') },
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway</h1>' },
      { body: 'event: draining\nretry: 1\ndata: {"reason":"shutdown"}\n\n' },
      { body: frames(4, 5), after: 'hold' },
    ];
    expect((await read(script, 5)).heard).toEqual([1, 2, 3, 4, 5]);
    expect(resumedAfter()).toEqual([undefined, 'e2', 'e3', 'e3', 'e3', 'e3']);
  });

  it('resumes from a frame without an event, and forgets an id that is cleared', async () => {
    await read([{ body: 'retry: 1\nid: e7\n\n' }, { body: ':\nid:\n\n' }, { body: frames(8), after: 'hold' }], 1);
    expect(resumedAfter()).toEqual([undefined, 'e7', undefined]);
  });

  it('gives up a connection that is silent', async () => {
    const { heard } = await read(
      [
        { body: frames(1), after: 'hold' },
        { body: frames(2), after: 'hold' },
      ],
      2,
      { silence: 30 },
    );
    expect([heard, resumedAfter()]).toEqual([
      [1, 2],
      [undefined, 'e1'],
    ]);
  });

  it('waits longer after each failure, and as long as the gateway asks', async () => {
    const refusal = { status: 429, headers: { 'retry-after': '1' }, body: problem('too_many_requests') };
    await read([{ body: frames(1) }, refusal, { body: frames(2), after: 'hold' }], 2);
    const [, second, third] = server.asked.map(({ at }) => at);
    // The header gives whole seconds of the system's clock, so less than all of it may be left.
    expect(Number(third) - Number(second)).toBeGreaterThan(900);
  });

  it('throws a refusal that no attempt gets past, with its code and remedy', async () => {
    const revoked = read([{ body: frames(1) }, { status: 401, body: problem('unauthenticated') }], 2);
    await expect(revoked).rejects.toBeInstanceOf(GatewayError);
    await expect(revoked).rejects.toMatchObject({ status: 401, code: 'unauthenticated', remedy: 'Do this.', retry_at: null });
    server.close();
    await expect(read([{ status: 503, body: problem('store_unavailable') }], 1)).rejects.toMatchObject({ status: 503 });
  });

  it('says when events were missed, and resumes after them', async () => {
    const script: Connection[] = [{ body: RESET }, { body: frames(91), after: 'hold' }];
    const missed: string[] = [];
    await read(script, 1, { lastEventId: 'old', onReset: () => void missed.push('reset') });
    expect([missed, resumedAfter()]).toEqual([['reset'], ['old', 'e90']]);
    server.close();
    await expect(read(script, 1, { lastEventId: 'old' })).rejects.toMatchObject({ name: 'EventsMissedError' });
  });

  it('counts an event as done only when the loop asks for the next', async () => {
    const { stream } = await read([{ body: frames(1, 2, 3), after: 'hold' }], 2);
    expect(stream.lastEventId).toBe('e1');
  });

  it('ends with its signal, also while it waits', async () => {
    const ending = new AbortController();
    const read_ = read([{ body: frames(1) }, { status: 503, headers: { 'retry-after': '3600' }, body: problem('store_unavailable') }], 9, {
      signal: ending.signal,
    });
    while (!server || server.asked.length < 2) await new Promise(setImmediate);
    ending.abort();
    expect((await read_).heard).toEqual([1]);
  });

  it.each(['\n', '\r\n', '\r'])('reads the same frames from bytes cut anywhere, with %j for line breaks', (lineBreak) => {
    const text = `: hello\nretry: 20\nid: 1\n\nevent: reset\ndata: a\ndata:b\nid:\n\ndata: ñ ☎: x\nid: 2\n\n`.replaceAll('\n', lineBreak);
    const whole = [
      { retry: 20, id: '1' },
      { event: 'reset', data: 'a\nb', id: '' },
      { data: 'ñ ☎: x', id: '2' },
    ];
    for (let cut = 0; cut <= text.length; cut += 1) {
      const reader = new FrameReader();
      // A line break that could be the first half of another is read with what follows.
      expect([...reader.push(text.slice(0, cut)), ...reader.push(text.slice(cut)), ...reader.push(':')]).toEqual(whole);
    }
  });
});
