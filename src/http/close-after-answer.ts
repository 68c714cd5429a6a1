import type { IncomingMessage } from 'node:http';
import type { FastifyReply } from 'fastify';
import { SECOND } from '#kernel/clock.js';

/** How long a client that is refused may go on sending its body, which is read and dropped. */
const LINGER_MS = 2 * SECOND;

/**
 * Closes the connection once the answer is sent. To close it while the client still sends would reset it, and the client would lose
 * the answer: so our side ends first, and what still comes is dropped for a moment.
 */
export function closeAfterAnswer(request: IncomingMessage, reply: FastifyReply): void {
  reply.header('Connection', 'close');
  const { socket } = request;
  const destroySoon = socket.destroySoon?.bind(socket);
  if (destroySoon === undefined) return;
  socket.destroySoon = () => {
    if (request.complete) return destroySoon();
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    request.once('end', () => socket.destroy());
    socket.once('close', () => clearTimeout(timer));
  };
}
