import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A number as 360dialog has it. */
export interface HostedNumber {
  phoneNumberId: string;
  display: string;
  wabaId: string;
  portfolioId: string;
  key: string;
  webhook: { url: string; headers: Record<string, string> };
}

/** One request as it came. */
export interface Asked {
  method: string;
  path: string;
  key: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are read as the wire has them
  body: any;
}

/** 360dialog with several numbers, each with its key: it answers what the gateway asks of them, and remembers it. */
export class NumbersAt360dialog {
  readonly asked: Asked[] = [];
  readonly numbers = new Map<string, HostedNumber>();
  /** Where requests with other keys go; null to refuse them. */
  fallback: string | null = null;
  /** Answers itself by returning a status; undefined leaves the answer to the number. `drop` cuts the connection. */
  fault: (asked: Asked) => number | 'drop' | undefined = () => undefined;
  /** The answer to a request waits for this; what it asks for is done when it resolves. */
  hold: (asked: Asked) => Promise<void> = async () => undefined;
  /** What it says to a key that is no number's. */
  refusal: (key: string) => unknown = () => INVALID_KEY;
  readonly #server: Server = createServer((request, response) => void this.#take(request, response));
  #calls = 0;

  static async open(): Promise<NumbersAt360dialog> {
    const opened = new NumbersAt360dialog();
    await new Promise<void>((listening) => opened.#server.listen(0, '127.0.0.1', listening));
    return opened;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Hosts a number; `last` are the last digits of all its ids. */
  host(last: string, key: string, webhook: HostedNumber['webhook'] = { url: '', headers: {} }): HostedNumber {
    const id = (first: string) => first + last.padStart(14, '0');
    const number = {
      phoneNumberId: id('3'),
      display: `52155${last.padStart(8, '0')}`,
      wabaId: id('2'),
      portfolioId: id('7'),
      key,
      webhook,
    };
    this.numbers.set(key, number);
    return number;
  }

  /** What was asked with a key, as `METHOD path`. */
  askedWith(key: string): string[] {
    return this.asked.filter((one) => one.key === key).map(({ method, path }) => `${method} ${path}`);
  }

  get dials(): Asked[] {
    return this.asked.filter(({ path, body }) => path === '/calling/calls' && body?.action === 'connect');
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString();
    const asked = {
      method: request.method ?? '',
      path: new URL(request.url ?? '/', this.url).pathname,
      key: String(request.headers['d360-api-key']),
      body: text === '' ? null : JSON.parse(text),
    };
    this.asked.push(asked);
    await this.hold(asked);
    const fault = this.fault(asked);
    if (fault === 'drop') return void response.destroy();
    const number = this.numbers.get(asked.key);
    if (!number && fault === undefined && this.fallback) return this.#passOn(this.fallback + request.url, asked, text, response);
    const answered = number ? this.#answer(number, asked) : ([401, this.refusal(asked.key)] as const);
    const [status, body] = fault === undefined ? answered : [fault, AS_TESTED];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  async #passOn(url: string, { method, key }: Asked, text: string, response: ServerResponse): Promise<void> {
    const headers = { 'D360-API-KEY': key, 'content-type': 'application/json' };
    const came = await fetch(url, { method, headers, ...(text === '' ? {} : { body: text }) }).catch(() => null);
    if (!came) return void response.destroy();
    response.writeHead(came.status, { 'content-type': 'application/json' }).end(await came.text());
  }

  #answer(number: HostedNumber, { method, path, body }: Asked): [number, unknown] {
    const { phoneNumberId, wabaId, portfolioId } = number;
    if (path === '/health_status') {
      const of = (entity_type: string, id: string) => ({ entity_type, id, can_send_message: 'AVAILABLE' });
      const entities = [of('PHONE_NUMBER', phoneNumberId), of('WABA', wabaId), of('BUSINESS', portfolioId)];
      return [200, { health_status: { can_send_message: 'AVAILABLE', entities }, id: phoneNumberId }];
    }
    if (path === '/v1/configs/phone_number') return [200, { id: phoneNumberId, display_phone_number: `+${number.display}` }];
    if (path === '/v1/configs/webhook') {
      if (method === 'POST') number.webhook = { url: body.url, headers: body.headers ?? {} };
      return [200, number.webhook];
    }
    if (path === '/calling/settings') return [200, { calling: { status: 'ENABLED', callback_permission_status: 'ENABLED' } }];
    if (path === '/calling/calls' && body.action === 'connect') {
      this.#calls += 1;
      return [200, { messaging_product: 'whatsapp', calls: [{ id: `wacid.N${this.#calls}` }] }];
    }
    if (path === '/messages') return [200, { messaging_product: 'whatsapp', messages: [{ id: `wamid.N${this.asked.length}` }] }];
    if (path.startsWith('/calling/permissions/')) {
      const may = (action_name: string) => ({ action_name, can_perform_action: true, limits: [] });
      return [200, { messaging_product: 'whatsapp', permission: { status: 'permanent' }, actions: [may('start_call')] }];
    }
    return [200, { success: true }];
  }
}

const AS_TESTED = { meta: { developer_message: 'as the test wants it' } };
const INVALID_KEY = { meta: { success: false, http_code: 401, developer_message: 'Invalid api key' } };
