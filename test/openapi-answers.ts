import { checkerOf, operationsIn } from './openapi-rules.js';
import type { Body, Reply } from './world.js';

/** Headers for browsers and of the connection, which no client of the API reads. */
const OF_HTTP = new Set(['connection', 'content-length', 'content-type', 'date', 'keep-alive', 'transfer-encoding']);
const OF_BROWSERS =
  /^(content-security-policy|cross-origin-.*|origin-agent-cluster|referrer-policy|strict-transport-security|x-content-type-options|x-dns-prefetch-control|x-download-options|x-frame-options|x-permitted-cross-domain-policies|x-xss-protection)$/;

interface Described {
  name: string;
  pattern: RegExp;
  operation: Body;
}

/** Compares answers and events with a document. `faults` has a line per difference. */
export class AnswerComparison {
  readonly faults = new Set<string>();
  /** Operations that were answered with success. */
  readonly answered = new Set<string>();
  readonly #operations: Described[];
  readonly #answers: ReturnType<typeof checkerOf>;
  readonly #requests: ReturnType<typeof checkerOf>;

  constructor(readonly document: Body) {
    this.#answers = checkerOf(document, { closed: true });
    this.#requests = checkerOf(document);
    this.#operations = operationsIn({ paths: document.paths })
      .map(({ path, method, name, operation }) => ({
        name,
        operation,
        pattern: new RegExp(`^${method} ${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/?]+')}$`),
      }))
      // A path without a parameter goes before one with.
      .sort((a, b) => Number(a.name.includes('{')) - Number(b.name.includes('{')));
  }

  get names(): string[] {
    return this.#operations.map(({ name }) => name);
  }

  reply(method: string, path: string, sent: unknown, { status, headers, body }: Reply): void {
    const asked = `${method.toLowerCase()} ${path.split('?', 1)[0]}`;
    const found = this.#operations.find(({ pattern }) => pattern.test(asked));
    if (!found) {
      if (status !== 404) this.faults.add(`${asked}: no such operation`);
      return;
    }
    const name = `${found.name} ${status}`;
    const described = found.operation.responses[status];
    if (!described) return void this.faults.add(`${name}: not described`);
    for (const [header, value] of headers)
      if (!OF_HTTP.has(header) && !OF_BROWSERS.test(header)) this.#header(name, described, header, value);
    if (status < 300) this.#success(found, sent);
    this.#body(name, described, headers.get('content-type')?.split(';', 1)[0], body);
  }

  #header(name: string, { headers = {} }: Body, header: string, value: string): void {
    const known = Object.keys(headers).find((one) => one.toLowerCase() === header);
    if (known === undefined) return void this.faults.add(`${name}: header ${header}`);
    const { schema } = this.document.components.headers[known];
    for (const fault of this.#answers(schema, schema.type === 'integer' ? Number(value) : value))
      this.faults.add(`${name}: ${known} ${fault}`);
  }

  /** What the gateway takes, the document takes. */
  #success({ name, operation }: Described, sent: unknown): void {
    this.answered.add(name);
    const schema = operation.requestBody?.content['application/json']?.schema;
    if (sent !== undefined && schema) for (const fault of this.#requests(schema, sent)) this.faults.add(`${name} request: ${fault}`);
    if (sent !== undefined && !schema) this.faults.add(`${name}: a body that is not described`);
  }

  #body(name: string, { content = {} }: Body, type: string | undefined, body: unknown): void {
    if (body === '' && type === undefined) return;
    const schema = content[type ?? '']?.schema;
    if (!schema) return void this.faults.add(`${name}: ${type} is not described`);
    for (const fault of this.#answers(schema, body)) this.faults.add(`${name}: ${fault}`);
  }

  /** An event of a stream. */
  event(event: Body): void {
    const name = this.document.components.schemas.Event.discriminator.mapping[event.type];
    if (!name) return void this.faults.add(`event ${event.type}: not described`);
    for (const schema of [{ $ref: name }, { $ref: '#/components/schemas/Event' }])
      for (const fault of this.#answers(schema, event)) this.faults.add(`event ${event.type}: ${fault}`);
  }

  /** A request to a subscription. */
  delivery(headers: Record<string, unknown>, event: Body): void {
    const { post } = this.document.webhooks[event.type] ?? {};
    if (!post) return void this.faults.add(`delivery ${event.type}: not described`);
    const lacking = post.parameters.filter((one: Body) => one.required && !headers[one.name]).map((one: Body) => one.name);
    if (lacking.length) this.faults.add(`delivery ${event.type}: no ${lacking}`);
    for (const fault of this.#answers(post.requestBody.content['application/json'].schema, event))
      this.faults.add(`delivery ${event.type}: ${fault}`);
  }
}
