// A thread that floods a gateway with bodies without a token, so that the load costs the proof's own clock nothing.
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** Ten connections begin in this time, so that the queue of those that the gateway has not accepted yet does not overflow. */
const TEN_CONNECT_MS = 20;
/** A body comes in chunks, one each time. */
const EVERY_MS = 100;
const CHUNK = Buffer.alloc(64 * 1024, 0x20);
/** A gateway ends a request that takes longer than 10 s. */
const LONGEST_MS = 13_000;

/** @type {{ port: number, bodies: Array<{ path: string, bytes: number, times: number }> }} */
const { port, bodies } = workerData;
const result = { answers: {}, sentBytes: 0, connections: 0 };

const floods = [];
for (const { path, bytes, times } of bodies) {
  for (let i = 0; i < times; i += 1) {
    floods.push(flood(path, bytes));
    if (i % 10 === 9) await pause(TEN_CONNECT_MS);
  }
}
await Promise.all(floods);
parentPort.postMessage(result);

/** Sends the headers and then as much of the body as the gateway takes. Resolves when the connection has ended. */
function flood(path, bytes) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    let left = bytes;
    let status = 'none';
    const dribble = setInterval(() => {
      if (socket.connecting || socket.destroyed || socket.writableNeedDrain || left <= 0) return;
      const part = left > CHUNK.length ? CHUNK : CHUNK.subarray(0, left);
      left -= part.length;
      socket.write(part);
    }, EVERY_MS);
    const deadline = setTimeout(() => socket.destroy(), LONGEST_MS);
    socket.once('connect', () => {
      result.connections += 1;
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n` +
          'Authorization: Bearer not-the-token-at-all\r\n\r\n',
      );
    });
    socket.once('data', (head) => {
      status = /^HTTP\/1\.1 (\d+)/.exec(head.toString('latin1'))?.[1] ?? 'unreadable';
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearInterval(dribble);
      clearTimeout(deadline);
      result.answers[status] = (result.answers[status] ?? 0) + 1;
      result.sentBytes += socket.bytesWritten;
      resolve();
    });
  });
}
