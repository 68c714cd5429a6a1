import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import { SECOND } from '#kernel/clock.js';

/** How long a refused client may go on sending its body before the connection is destroyed. */
const LINGER_MS = 2 * SECOND;
/** Connections whose bodies are read and dropped at a time: a thousand at once would take the processor for seconds. */
const MOST_AT_ONCE = 2;
/** After this long the next connection has its turn. */
const TURN_MS = SECOND / 4;

/**
 * Closes the connection once the answer is sent. To close it while the client still sends would reset it, and the client would lose
 * the answer: so our side ends first, and what still comes is dropped for a moment, of a few connections at a time.
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
    // Node resumes the connection in this turn, to drop the body itself.
    setImmediate(() => drop(socket));
  };
}

/** Whether the client is still sending a body. */
export const isUnread = ({ headers, complete }: IncomingMessage): boolean =>
  !complete && (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0);

const waiting: Socket[] = [];
let active = 0;

/** Reads what the connection brings once it has its turn; until then the client's bytes wait at the client. */
function drop(socket: Socket): void {
  socket.pause();
  waiting.push(socket);
  next();
}

function next(): void {
  while (active < MOST_AT_ONCE) {
    const socket = waiting.shift();
    if (socket === undefined) return;
    if (!socket.destroyed) takeTurn(socket);
  }
}

function takeTurn(socket: Socket): void {
  active += 1;
  const end = (): void => {
    clearTimeout(timer);
    socket.off('close', end);
    active -= 1;
    if (socket.destroyed) next();
    else drop(socket);
  };
  const timer = setTimeout(end, TURN_MS).unref();
  socket.once('close', end);
  socket.resume();
}
