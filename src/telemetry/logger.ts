import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import type { Settings } from '#config/settings.js';

/** Members of a log line that never show their value, at any depth that we write. */
const REDACTED = [
  'authorization',
  'cookie',
  'sdp',
  'session',
  'apiKey',
  'secret',
  'token',
  'password',
  'body',
  'waId',
  'to',
  'recipient',
  'name',
  'text',
];

/** Runs of 7 to 15 digits that could be somebody's phone number, unless they are part of an id. */
const PHONE = /(?<![\w.:-])\+?\d{9,15}(?![\w.:-])/g;

/** JSON lines on stdout. Secrets, SDP and phone numbers are redacted by name, and numbers in free text by their look. */
export function createLogger(settings: Pick<Settings, 'logLevel'>): Logger {
  return pino({
    level: settings.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    messageKey: 'message',
    redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    formatters: { level: (level) => ({ level }) },
    serializers: { error: describeError, err: describeError },
    hooks: {
      logMethod(args, method) {
        method.apply(this, args.map((part) => (typeof part === 'string' ? maskPhones(part) : part)) as typeof args);
      },
    },
  });
}

/** `+5215512345678` to `…5678`. */
export const maskPhones = (text: string): string => text.replace(PHONE, (digits) => `…${digits.slice(-4)}`);

/** An error as a log may hold it: never the request or configuration that HTTP clients attach. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return maskPhones(String(error));
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: maskPhones(error.message),
    stack: maskPhones(error.stack ?? ''),
    ...(typeof code === 'string' ? { code } : {}),
  };
}

type Level = 'trace' | 'debug' | 'warn' | 'error';

/** Nest's own messages, told by the same logger; its chatter at start is debug. An object's members become those of the line. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown): void {
    this.#tell('debug', message);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#tell('error', message, rest);
  }

  warn(message: unknown): void {
    this.#tell('warn', message);
  }

  debug(message: unknown): void {
    this.#tell('debug', message);
  }

  verbose(message: unknown): void {
    this.#tell('trace', message);
  }

  #tell(level: Level, message: unknown, rest: readonly unknown[] = []): void {
    const error = [message, ...rest].find((part) => part instanceof Error);
    if (typeof message === 'object' && message !== null && !(message instanceof Error)) this.logger[level]({ ...message });
    else if (error) this.logger[level]({ error }, String(message));
    else this.logger[level](String(message));
  }
}
