import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './api.ts';
import { GatewayError } from './errors.ts';
import { EventStream, type EventsOptions, type EventType } from './events.ts';
import { type Operations, operationsOf } from './operations.ts';

export interface GatewayOptions {
  /** Where the gateway is, such as `https://calls.example.com`. */
  url: string;
  /** An API key, or what gives one for each request, such as the short-lived token of a page. */
  key: string | (() => string | Promise<string>);
  /** The language of details and remedies; English by default. */
  language?: 'en' | 'es';
  /** Instead of the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
}

/** Every operation of the gateway by its name, and the stream of events. Operations throw GatewayError for a refusal. */
export interface Gateway extends Operations {
  /** Opens the stream of events. @throws GatewayError */
  events<T extends EventType = EventType>(options?: EventsOptions<T>): Promise<EventStream<T>>;
  /** The client beneath, by path: for answers other than JSON (`parseAs: 'text'`), headers of answers, and requests that do not throw. */
  readonly api: Client<paths>;
}

/** A client of one gateway. It keeps no connection and no state. */
export function createGateway(options: GatewayOptions): Gateway {
  const baseUrl = options.url.replace(/\/+$/, '');
  const send = options.fetch ?? ((request: Request) => globalThis.fetch(request));
  const authorize = async (headers: Headers): Promise<void> => {
    headers.set('Authorization', `Bearer ${typeof options.key === 'string' ? options.key : await options.key()}`);
    if (options.language && !headers.has('Accept-Language')) headers.set('Accept-Language', options.language);
  };
  const middleware = {
    async onRequest({ request }: { request: Request }) {
      await authorize(request.headers);
      return request;
    },
  };
  const clientOptions = { baseUrl, fetch: send };
  const [json, api] = [createClient<paths, 'application/json'>(clientOptions), createClient<paths>(clientOptions)];
  for (const client of [json, api]) client.use(middleware);

  async function connect(query: URLSearchParams, lastEventId: string, signal: AbortSignal): Promise<Response> {
    const headers = new Headers({ Accept: 'text/event-stream' });
    if (lastEventId !== '') headers.set('Last-Event-ID', lastEventId);
    await authorize(headers);
    const response = await send(new Request(`${baseUrl}/api/events?${query}`, { headers, signal, cache: 'no-store' }));
    if (!response.ok) throw new GatewayError(response, await response.json().catch(() => null));
    return response;
  }

  return { ...operationsOf(json), api, events: (given) => EventStream.open(connect, given ?? {}) };
}
