import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '#kernel/problem.js';

/** Decodes the whole of a body; fails with `ERR_BUFFER_TOO_LARGE` as soon as the decoded bytes exceed `maxOutputLength`. */
type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const zlibInflate = promisify(inflate) as Decoder;
const rawInflate = promisify(inflateRaw) as Decoder;
const decodeGzip = promisify(gunzip) as Decoder;

/** `deflate` means zlib's format (RFC 9110, 8.4.1.2); some senders leave its header out, and every zlib header begins with 8. */
const decodeDeflate: Decoder = (body, options) => ((body[0] ?? 0) % 16 === 8 ? zlibInflate(body, options) : rawInflate(body, options));

const DECODERS: ReadonlyMap<string, Decoder> = new Map([
  ['gzip', decodeGzip],
  ['x-gzip', decodeGzip],
  ['deflate', decodeDeflate],
  ['br', promisify(brotliDecompress) as Decoder],
]);

/** The encoding that a request declares, in lower case; null for none and for `identity`. */
export function encodingOf({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
  const written = headers['content-encoding']?.trim().toLowerCase() ?? '';
  return written === '' || written === 'identity' ? null : written;
}

/** The encoding of a body that declares none, such as one whose header a proxy has dropped; null for anything but gzip. No JSON begins so. */
export const undeclaredEncodingOf = (body: Buffer): string | null => (body[0] === 0x1f && body[1] === 0x8b ? 'gzip' : null);

/** Refuses encodings that the gateway cannot decode, before the body is read. The hook must come after those that admit a request. */
export function refuseUnknownEncodings(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const encoding = encodingOf(request);
    if (encoding === null || DECODERS.has(encoding)) return done();
    done(new Problem('unsupported_content_encoding', { params: { encoding: encoding.slice(0, 100) } }));
  });
}

/**
 * The content of a body that declares an encoding.
 * @param limit the largest content, in bytes
 * @throws Problem `unsupported_content_encoding`, `malformed_content_encoding`, or `payload_too_large` for content beyond the limit
 */
export async function decoded(body: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const decode = DECODERS.get(encoding);
  if (!decode) throw new Problem('unsupported_content_encoding', { params: { encoding: encoding.slice(0, 100) } });
  try {
    return await decode(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw new Problem('payload_too_large');
    throw new Problem('malformed_content_encoding', { params: { encoding } });
  }
}
