import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { EXIT } from '#cli/terminal/exit.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { framesOf, type StreamFrame } from './event-stream.js';
import { listenCommand } from './listen.command.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw0000000000a=';
const event = (n: number) => ({
  id: `evt_${n}`,
  type: 'call.ended',
  occurred_at: '2026-11-22T12:00:00.000Z',
  sequence: n,
  data: { id: `call_${n}` },
});
const frame = (n: number) => `id: evt_${n}\ndata: ${JSON.stringify(event(n))}\n\n`;

const addressOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const open = async (server: Server) => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

it('reads frames wherever the chunks are cut', async () => {
  const text = `retry: 2500\nid: evt_0\n\n:\n\n${frame(1)}event: reset\ndata: {}\n\n`;
  for (let cut = 0; cut < text.length; cut += 1) {
    const frames: StreamFrame[] = [];
    for await (const one of framesOf(chunks(text.slice(0, cut), text.slice(cut)))) frames.push(one);
    expect(frames).toMatchObject([{ id: 'evt_0', retry: 2_500 }, {}, { id: 'evt_1', data: JSON.stringify(event(1)) }, { event: 'reset' }]);
  }
});

async function* chunks(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

describe('npm run listen', () => {
  const asked: IncomingHttpHeaders[] = [];
  const got: Array<{ headers: IncomingHttpHeaders; body: string }> = [];
  let stream: (response: ServerResponse) => void = () => undefined;
  let gateway: Server;
  let hook: Server;

  beforeEach(async () => {
    asked.length = 0;
    got.length = 0;
    gateway = await open(
      createServer((request, response) => {
        asked.push(request.headers);
        if (request.headers.authorization !== 'Bearer the-key') {
          response.writeHead(401, { 'x-gateway-mode': 'live' }).end('{"title":"No valid API key","code":"unauthenticated"}');
        } else stream(response.writeHead(200, { 'content-type': 'text/event-stream', 'x-gateway-mode': 'live' }));
      }),
    );
    hook = await open(
      createServer(async (request, response) => {
        let body = '';
        for await (const chunk of request) body += chunk;
        got.push({ headers: request.headers, body });
        response.writeHead(204).end();
      }),
    );
  });
  afterEach(() => {
    gateway.closeAllConnections();
    gateway.close();
    hook.closeAllConnections();
    hook.close();
  });

  it('shows and forwards each event once, signed, and resumes where the stream broke off', async () => {
    const terminal = new FakeTerminal({ API_KEY: 'the-key' });
    stream = (response) => {
      if (asked.length === 1) response.end(frame(1) + frame(2));
      else if (asked.length === 2) response.end(frame(3));
      else terminal.stop.abort();
    };
    const end = await terminal.type(listenCommand, '--gateway', addressOf(gateway), '--url', `${addressOf(hook)}/x`, '--secret', SECRET);
    expect(end).toBe(EXIT.ok);
    expect(asked.map((headers) => headers['last-event-id'])).toEqual([undefined, 'evt_2', 'evt_3']);
    expect(got.map(({ headers }) => headers['webhook-id'])).toEqual(['evt_1', 'evt_2', 'evt_3']);
    for (const { headers, body } of got)
      expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
    expect(terminal.out).toContain('call.ended');
    expect(terminal.out).toContain('204');
  });

  it('says what is wrong: a refused key, no answer, no URL', async () => {
    expect(await new FakeTerminal({ API_KEY: 'other' }).type(listenCommand, '--gateway', addressOf(gateway))).toBe(EXIT.refused);
    expect(await new FakeTerminal({ API_KEY: 'other' }).type(listenCommand, '--gateway', 'http://127.0.0.1:1')).toBe(EXIT.unreachable);
    expect(await new FakeTerminal({ API_KEY: 'other' }).type(listenCommand, '--url', 'nowhere')).toBe(EXIT.usage);
    expect(await new FakeTerminal({}).type(listenCommand)).toBe(EXIT.usage);
  });
});
