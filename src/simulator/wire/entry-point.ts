import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type JsonRecord, record } from '#kernel/read.js';
import type { SimulatedLine } from '#simulator/line.js';
import { SimulatedRefusal } from '#simulator/meta/refusals.js';
import type { Simulator } from '#simulator/simulator.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import type { CannedReply, SimulatedOperation } from './faults.js';

/** One endpoint: its operation, its user, and what it does. */
export interface SimulatedEndpoint {
  operation: (request: ApiRequest) => SimulatedOperation | null;
  user?: (line: SimulatedLine, request: ApiRequest) => SimulatedUser | undefined;
  perform: (line: SimulatedLine, request: ApiRequest) => JsonRecord | Promise<JsonRecord>;
}

/** How a simulated host reads requests. Each method throws a SimulatedRefusal in the words of that host. */
export interface SimulatedHost {
  /** The line to which the key or token of a request leads. */
  lineOf(request: FastifyRequest): SimulatedLine;
  bodyOf(request: FastifyRequest): unknown;
  /** What the path of a request names. */
  paramsOf(request: FastifyRequest): Readonly<Record<string, string>>;
}

/** A request of the gateway, parsed. */
export interface ApiRequest {
  params: Readonly<Record<string, string>>;
  query: JsonRecord;
  /** The parsed body; `undefined` for GET. */
  body: unknown;
}

/** The HTTP entry point of a simulated host: key, content type, faults, answer. */
export class EntryPoint {
  readonly #hanging = new Set<FastifyReply>();
  readonly #closing = new AbortController();

  constructor(
    private readonly simulator: Simulator,
    private readonly host: SimulatedHost,
  ) {}

  /** The Fastify handler of an endpoint. Refusals become answers. */
  handler(endpoint: SimulatedEndpoint) {
    return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      let line: SimulatedLine = this.simulator;
      try {
        line = this.host.lineOf(request);
        return await this.#serve(endpoint, line, request, reply);
      } catch (error) {
        if (!(error instanceof SimulatedRefusal)) throw error;
        return refuse(error, line, request, reply);
      }
    };
  }

  /** Cuts every connection that a fault left open. */
  close(): void {
    this.#closing.abort();
    for (const reply of this.#hanging) reply.raw.destroy();
    this.#hanging.clear();
  }

  async #serve(endpoint: SimulatedEndpoint, line: SimulatedLine, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const wire: ApiRequest = {
      params: this.host.paramsOf(request),
      query: record(request.query) ?? {},
      body: request.method === 'GET' ? undefined : this.host.bodyOf(request),
    };
    const operation = endpoint.operation(wire);
    const fault = operation && line.requestFaults.strike(operation, endpoint.user?.(line, wire)?.id ?? null);
    if (fault?.delayMs) await this.#pause(fault.delayMs);
    if (fault?.instead) return fault.instead === 'drop' ? this.#drop(reply) : this.#canned(fault.instead, reply);
    const result = await endpoint.perform(line, wire);
    if (fault?.answerDelayMs) await this.#pause(fault.answerDelayMs);
    if (fault?.afterwards === 'drop') return this.#drop(reply);
    if (fault?.afterwards === 'hang') {
      this.#hanging.add(reply);
      return reply.hijack();
    }
    return fault?.afterwards ? this.#canned(fault.afterwards, reply) : reply.code(200).send(result);
  }

  #canned({ status, body, text, headers = {} }: CannedReply, reply: FastifyReply): FastifyReply {
    const type = text === undefined ? 'application/json' : 'text/html';
    return reply
      .code(status)
      .headers({ 'content-type': type, ...headers })
      .send(text ?? JSON.stringify(body ?? {}));
  }

  #drop(reply: FastifyReply): FastifyReply {
    reply.hijack();
    reply.raw.destroy();
    return reply;
  }

  /** Ends early when the entry point closes. */
  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { ref: false, signal: this.#closing.signal }).catch(() => undefined);
  }
}

function refuse(
  { status, body }: SimulatedRefusal,
  { context }: SimulatedLine,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error = record(body.error);
  const path = request.url.split('?', 1)[0] ?? '';
  context.journal.note(`${request.method} ${path} refused: ${error ? String(error.message) : status}`, 'wire');
  return reply.code(status).send(error ? { error: { ...error, fbtrace_id: context.ids.trace() } } : body);
}
