import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Settings } from '#config/settings.js';
import { PROBLEM_TYPE, problemDocument } from '#http/problem-document.js';
import { SECOND } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { Problem, type ProblemCode } from '#kernel/problem.js';

/** How long the client may take to read the answer. */
const LINGER_MS = 2 * SECOND;

const CODES: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/**
 * Answers what the HTTP parser refuses, which never becomes a request: a problem document with the headers of every other answer.
 * Afterwards the connection ends.
 */
export function answerParserErrors(
  { mode, publicUrl }: Pick<Settings, 'mode' | 'publicUrl'>,
  security: Readonly<Record<string, string>>,
): (error: NodeJS.ErrnoException, socket: Socket) => void {
  const answered = new WeakSet<Socket>();
  return (error, socket) => {
    // The parser reports each further piece of the same connection.
    if (answered.has(socket)) return;
    answered.add(socket);
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const document = problemDocument(new Problem(CODES[error.code ?? ''] ?? 'malformed_request'), 'en', publicUrl);
    const body = JSON.stringify(document);
    const headers = {
      ...security,
      'X-Request-Id': newId('req'),
      'X-Gateway-Mode': mode,
      'Cache-Control': 'no-store',
      'Content-Language': 'en',
      'Content-Type': PROBLEM_TYPE,
      'Content-Length': String(Buffer.byteLength(body)),
      Connection: 'close',
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${document.status} ${STATUS_TEXTS[document.status]}\r\n${lines.join('')}\r\n${body}`);
    const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    socket.once('close', () => clearTimeout(timer));
  };
}

/** Whether an answer has begun on this connection; another one in the middle of it would be read as a part of it. */
const isAnswering = (socket: Socket): boolean => (socket as { _httpMessage?: ServerResponse | null })._httpMessage?.headersSent ?? false;
