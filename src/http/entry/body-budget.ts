import { Transform } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '#kernel/problem.js';
import { closeAfterAnswer } from './close-after-answer.js';
import { encodingOf } from './content-encoding.js';

/**
 * Bounds the bytes of all bodies that are being received or worked on. A body counts with the length that it declares, from its
 * headers on; without one it counts as it comes. A body with a content encoding counts as large as its route lets it become,
 * since its length says nothing about its decoded size. It counts until its request is answered or the connection is gone.
 */
export class BodyBudget {
  #taken = 0;

  constructor(private readonly most: number) {}

  /** The bytes of all bodies under way. */
  get taken(): number {
    return this.#taken;
  }

  /** Registers the hooks; they must come after those that refuse a request by its headers. */
  hook(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply, done) => {
      const { bodyLimit } = request.routeOptions;
      const length = isEncoded(request) ? bodyLimit : declaredLength(request);
      // A body beyond the limit of its route is refused by Fastify before it is read.
      if (length === 0 || length > bodyLimit || declaredLength(request) > bodyLimit) return done();
      if (this.#take(length)) {
        reply.raw.once('close', () => this.#release(length));
        return done();
      }
      closeAfterAnswer(request.raw, reply);
      done(new Problem('too_many_bodies'));
    });
    fastify.addHook('preParsing', (request, reply, payload, done) => {
      if (request.headers['transfer-encoding'] === undefined || isEncoded(request)) return done(null, payload);
      let received = 0;
      reply.raw.once('close', () => this.#release(received));
      const counter = new Transform({
        transform: (chunk: Buffer, _encoding, next) => {
          if (!this.#take(chunk.length)) {
            closeAfterAnswer(request.raw, reply);
            return next(new Problem('too_many_bodies'));
          }
          received += chunk.length;
          next(null, chunk);
        },
      });
      payload.once('error', (error) => counter.destroy(error));
      done(null, payload.pipe(counter));
    });
  }

  #take(bytes: number): boolean {
    if (this.#taken + bytes > this.most) return false;
    this.#taken += bytes;
    return true;
  }

  #release(bytes: number): void {
    this.#taken -= bytes;
  }
}

const declaredLength = ({ headers }: FastifyRequest): number => Number(headers['content-length'] ?? 0);

/** Whether there is a body with a content encoding. */
const isEncoded = (request: FastifyRequest): boolean =>
  encodingOf(request) !== null && (declaredLength(request) > 0 || request.headers['transfer-encoding'] !== undefined);
