import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Refuses a request by throwing, when its headers are there and before a byte of its body is read. */
export type HeaderGate = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> | undefined;

/** The gates of the routes, by method and route. Modules register them at start; the HTTP server runs them. */
@Injectable()
export class HeaderGates {
  readonly #gates = new Map<string, HeaderGate>();

  /** Registers the gate of a route; `url` has the names of its parameters, such as `/api/keys/:id`. */
  on(method: string, url: string, gate: HeaderGate): void {
    this.#gates.set(`${method} ${url}`, gate);
  }

  /** The gate of the route that a request has reached; undefined when the route has none. */
  of({ method, routeOptions }: Pick<FastifyRequest, 'method' | 'routeOptions'>): HeaderGate | undefined {
    return this.#gates.get(`${method} ${routeOptions.url}`);
  }
}
