import type { FastifyRequest } from 'fastify';

const ENCODED = new WeakMap<FastifyRequest, Buffer>();

/** Keeps the bytes of a body with a content encoding as they came, for whoever proves a signature over them. */
export const noteEncodedBody = (request: FastifyRequest, body: Buffer): void => void ENCODED.set(request, body);

/** The bytes as they came; undefined for a body without a content encoding. */
export const encodedBodyOf = (request: FastifyRequest): Buffer | undefined => ENCODED.get(request);
