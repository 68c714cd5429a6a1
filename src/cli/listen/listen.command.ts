import { randomBytes } from 'node:crypto';
import { type CommandLine, textOptions, UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import { gatewayWithKey, NoGateway } from '#cli/terminal/gateway.client.js';
import { reasonOf } from '#cli/terminal/json-request.js';
import type { Printer } from '#cli/terminal/printer.js';
import { printRefusal } from '#cli/terminal/problem.js';
import type { Command } from '#cli/terminal/run.js';
import type { Surroundings } from '#cli/terminal/surroundings.js';
import { SECOND } from '#kernel/clock.js';
import { parseJson, record, text } from '#kernel/read.js';
import { PostClient } from '#outbound-http/post.client.js';
import { makeSecret, signatureHeaders } from '#outbound-http/signature.js';
import { framesOf, type StreamFrame } from './event-stream.js';
import { sayListen } from './texts.js';

const FIRST_RECONNECT_MS = 2 * SECOND;

/** Shows the events of a running gateway as they happen, and posts them to a server on this machine. */
export const listenCommand: Command = {
  usage:
    'npm run listen -- [--url http://localhost:PORT/PATH] [--types A,B] [--number ID] [--secret whsec_…] [--gateway URL] [--key KEY] [--json] [--lang en|es]',
  help: {
    en: `Shows each event of a running gateway as it happens. With --url, each is also posted there, signed as a subscription would
sign it (Standard Webhooks): for developing a webhook consumer without a public address.

  npm run listen
  npm run listen -- --types call.incoming,call.ended
  npm run listen -- --url http://localhost:4000/hook

--secret chooses the signing secret; otherwise one is made and shown. --json prints one event per line.
With several numbers, --number says which is meant, by its phone_number_id.
The gateway is found by --gateway, GATEWAY_URL or HOST and PORT; the key by --key, GATEWAY_API_KEY or API_KEY, with the
scope events:read.`,
    es: `Muestra cada evento de un gateway en marcha cuando ocurre. Con --url, además lo envía a esa dirección, firmado como lo haría
una suscripción (Standard Webhooks): para desarrollar un consumidor de webhooks sin dirección pública.

  npm run listen
  npm run listen -- --types call.incoming,call.ended
  npm run listen -- --url http://localhost:4000/hook

--secret elige el secreto de firma; si no, se crea uno y se muestra. --json imprime un evento por línea.
Con varios números, --number indica cuál, por su phone_number_id.
El gateway se encuentra con --gateway, GATEWAY_URL o HOST y PORT; la clave, con --key, GATEWAY_API_KEY o API_KEY, con el
alcance events:read.`,
  },
  options: textOptions('url', 'types', 'secret', 'gateway', 'key', 'number'),
  async run(line, printer, surroundings) {
    const options = { ...line, option: (name: string) => line.option(name === 'url' ? 'gateway' : name) };
    const gateway = gatewayWithKey(options, surroundings.env);
    const types = line.option('types');
    const query = new URLSearchParams({
      ...(types === undefined ? {} : { types }),
      ...(gateway.phoneNumberId === null ? {} : { phone_number_id: gateway.phoneNumberId }),
    });
    const stream = `${gateway.url}/api/events${query.size === 0 ? '' : `?${query}`}`;
    const target = targetOf(line, printer);
    const reader = new StreamReader(stream, gateway.key, printer, surroundings, target);
    try {
      return await reader.listen(surroundings.interruption());
    } finally {
      target?.post.close();
    }
  },
};

/** Where events go besides the terminal. */
type Target = NonNullable<ReturnType<typeof targetOf>>;

function targetOf(line: CommandLine, printer: Printer) {
  const url = line.option('url');
  if (url === undefined) return null;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageFault(sayListen('wrong_target', line.language, { value: url }));
  }
  const secret = line.option('secret') ?? makeSecret(randomBytes);
  printer.progress(sayListen('forwarding', line.language, { target: url, secret }));
  return { url, secret, post: new PostClient({ reach: 'any', timeoutMs: 15 * SECOND }) };
}

class StreamReader {
  #lastId = '';
  #reconnectMs = FIRST_RECONNECT_MS;

  constructor(
    private readonly stream: string,
    private readonly key: string,
    private readonly printer: Printer,
    private readonly surroundings: Surroundings,
    private readonly target: Target | null,
  ) {}

  /** Until Ctrl-C. A stream that breaks off is resumed where it was. @throws NoGateway when the first connection fails */
  async listen(interruption: AbortSignal): Promise<number> {
    const { printer } = this;
    for (let first = true; !interruption.aborted; first = false) {
      try {
        const refusal = await this.#connectOnce(interruption, first);
        if (refusal !== null) return refusal;
      } catch (error) {
        if (interruption.aborted) break;
        if (first) throw error;
      }
      if (interruption.aborted) break;
      printer.progress(sayListen('again', printer.language));
      await this.surroundings.pause(this.#reconnectMs);
    }
    return EXIT.ok;
  }

  /** One connection; the exit code when the gateway refuses. */
  async #connectOnce(signal: AbortSignal, first: boolean): Promise<number | null> {
    const { printer } = this;
    const answer = await this.#connect(signal);
    if (answer.status !== 200 || !answer.body) {
      return printRefusal(printer, { status: answer.status, body: record(parseJson(await answer.text())) ?? {} });
    }
    if (first) printer.progress(sayListen('listening', printer.language, { url: this.stream }));
    const chunks = answer.body.pipeThrough(new TextDecoderStream());
    for await (const frame of framesOf(chunks)) await this.#process(frame);
    return null;
  }

  async #connect(signal: AbortSignal): Promise<Response> {
    const resume: Record<string, string> = this.#lastId === '' ? {} : { 'last-event-id': this.#lastId };
    try {
      return await fetch(this.stream, { headers: { authorization: `Bearer ${this.key}`, ...resume }, signal });
    } catch (error) {
      throw new NoGateway(this.stream, reasonOf(error));
    }
  }

  async #process({ id, event, data, retry }: StreamFrame): Promise<void> {
    this.#reconnectMs = retry ?? this.#reconnectMs;
    if (event === 'reset') this.printer.progress(sayListen('reset', this.printer.language));
    if (event === undefined && data !== undefined) await this.#show(data);
    // The cursor moves last, so an event that was not shown comes again after the next connection.
    this.#lastId = id ?? this.#lastId;
  }

  async #show(data: string): Promise<void> {
    const { printer, surroundings } = this;
    const event = record(parseJson(data)) ?? {};
    const of = record(event.data);
    const about = [text(of?.id), text(of?.state), text(of?.outcome)].filter(Boolean).join(' ');
    if (printer.json) surroundings.stdout.write(`${data}\n`);
    else printer.line(`${text(event.occurred_at) ?? ''}  ${printer.dye(text(event.type) ?? '?', 'strong')}  ${about}`);
    if (this.target) await this.#forward(this.target, text(event.id) ?? '', Buffer.from(data));
  }

  async #forward({ url, secret, post }: Target, id: string, body: Buffer): Promise<void> {
    const { printer, surroundings } = this;
    const { status, error, latencyMs } = await post.post(url, signatureHeaders(id, surroundings.clock.now(), body, [secret]), body);
    const came = status === null ? printer.dye(error ?? '', 'red') : printer.dye(String(status), status < 300 ? 'green' : 'yellow');
    printer.line(`  → ${came}  ${latencyMs} ms`);
  }
}
