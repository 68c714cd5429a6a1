import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HostedNumber, NumbersAt360dialog } from './numbers-at-360dialog.js';

/** One request as it came to the partner API. */
export interface PartnerRequestSeen {
  method: string;
  path: string;
  at: number;
}

/** A channel as the partner API lists it, and the number that it is. */
export interface HostedChannel {
  id: string;
  clientId: string;
  number: HostedNumber;
  /** Keys that were made of it, the newest last. */
  made: string[];
}

/** 360dialog's partner API with channels of several clients. Making a key revokes every earlier one of the number, and drops its webhook. */
export class PartnerAt360dialog {
  static readonly ID = 'partner1';
  static readonly KEY = 'partner-key-0123456789';
  readonly seen: PartnerRequestSeen[] = [];
  readonly channels: HostedChannel[] = [];
  limit = 'TIER_250';
  /** Answers itself by returning a status; `drop` cuts the connection; `afterwards` acts first and cuts it then. */
  fault: (seen: PartnerRequestSeen) => number | 'drop' | 'afterwards' | undefined = () => undefined;
  /** A request waits for it before it is answered. */
  door: (seen: PartnerRequestSeen) => Promise<void> | undefined = () => undefined;
  readonly #server: Server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x');
    const seen = { method: request.method ?? '', path: pathname, at: Date.now() };
    this.seen.push(seen);
    request.resume();
    const hasKey = request.headers['x-api-key'] === PartnerAt360dialog.KEY;
    void Promise.resolve(this.door(seen)).then(() => this.#answer(seen, searchParams, hasKey, response));
  });

  constructor(private readonly numbers: NumbersAt360dialog) {}

  static async open(numbers: NumbersAt360dialog): Promise<PartnerAt360dialog> {
    const opened = new PartnerAt360dialog(numbers);
    await new Promise<void>((listening) => opened.#server.listen(0, '127.0.0.1', listening));
    return opened;
  }

  /** What a gateway needs to find it. */
  get environment(): Record<string, string> {
    return {
      D360_PARTNER_BASE_URL: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/api/v2`,
      D360_PARTNER_ID: PartnerAt360dialog.ID,
      D360_PARTNER_API_KEY: PartnerAt360dialog.KEY,
    };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  host(number: HostedNumber, clientId: string): HostedChannel {
    const channel = { id: `channel${this.channels.length + 1}`, clientId, number, made: [] };
    this.channels.push(channel);
    return channel;
  }

  /** How often something was asked for, by the end of its path. */
  count(end: RegExp): number {
    return this.seen.filter(({ path }) => end.test(path)).length;
  }

  #answer(seen: PartnerRequestSeen, query: URLSearchParams, hasKey: boolean, response: ServerResponse): void {
    const fault = this.fault(seen);
    if (fault === 'drop') return void response.destroy();
    const refuse = (code: number, words: string): [number, unknown] => [
      code,
      { meta: { success: false, http_code: code, developer_message: words } },
    ];
    const answered = (): [number, unknown] => {
      if (typeof fault === 'number') return refuse(fault, fault === 403 ? 'permission denied for partner' : 'as the test wants it');
      return hasKey ? this.#act(seen, query) : refuse(403, 'permission denied for partner');
    };
    const [status, body] = answered();
    if (fault === 'afterwards') return void response.destroy();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  #act({ method, path }: PartnerRequestSeen, query: URLSearchParams): [number, unknown] {
    const [, made] = /\/channels\/([^/]+)\/api_keys$/.exec(path) ?? [];
    if (method === 'POST' && made !== undefined) return this.#makeKey(decodeURIComponent(made));
    if (path.endsWith('/info/balance'))
      return [200, { balance: 100, currency: 'USD', usage: [{ period_date: '2026-11-20', quantity: 3 }] }];
    const filters = JSON.parse(query.get('filters') ?? '{}') as { id?: string; client_id?: string };
    const isWanted = ({ id, clientId }: HostedChannel) => (filters.id ?? id) === id && (filters.client_id ?? clientId) === clientId;
    const found = this.channels.filter(isWanted);
    const from = Number(query.get('offset') ?? 0);
    const shown = found.slice(from, from + Number(query.get('limit') ?? 100)).map((channel) => this.#shown(channel));
    return [200, { count: shown.length, total: found.length, partner_channels: shown }];
  }

  #shown({ id, clientId, number }: HostedChannel): object {
    return {
      id,
      client_id: clientId,
      status: 'running',
      current_limit: this.limit,
      is_on_biz_app: false,
      setup_info: { phone_number: `+${number.display}`, phone_name: `Name of ${id}` },
      waba_account: { external_id: number.wabaId },
    };
  }

  #makeKey(id: string): [number, unknown] {
    const channel = this.channels.find((one) => one.id === id);
    if (!channel) return [404, { meta: { success: false, http_code: 404, developer_message: 'no such channel' } }];
    const { number } = channel;
    for (const [key, one] of this.numbers.numbers) if (one === number) this.numbers.numbers.delete(key);
    const key = `canary-made-key-${id}-${channel.made.length + 1}`;
    channel.made.push(key);
    number.key = key;
    number.webhook = { url: '', headers: {} };
    this.numbers.numbers.set(key, number);
    return [200, { id: `key-of-${id}`, address: this.numbers.url, api_key: key, app_id: 'app1' }];
  }
}
