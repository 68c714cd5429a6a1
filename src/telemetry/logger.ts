import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import type { Settings } from '#config/settings.js';

/** Members of a log line that are redacted, down to the third level. */
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

/** Runs of 9 to 15 digits that could be a phone number, unless they are part of an id. */
const PHONE = /(?<![\w.:-])\+?\d{9,15}(?![\w.:-])/g;

/** JSON lines on stdout. Secrets, SDP and phone numbers are redacted by the names of their members, phone numbers in texts by pattern. */
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

/** A key in a URL of the Graph API. */
const URL_TOKEN = /(?<=\baccess_token=)[^&\s"'#]+/gi;

/** `+5215512345678` to `…5678`; and what follows `access_token=` is left out. */
export const maskPhones = (text: string): string =>
  text.replace(URL_TOKEN, '[redacted]').replace(PHONE, (digits) => `…${digits.slice(-4)}`);

/** An error for the log, without the request or configuration that HTTP clients attach. */
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

/** Writes Nest's own messages through the same logger; those of the start have level debug. */
export class NestLogger implements LoggerService {
  readonly log = this.#at('debug');
  readonly error = this.#at('error');
  readonly warn = this.#at('warn');
  readonly debug = this.#at('debug');
  readonly verbose = this.#at('trace');

  constructor(private readonly logger: Logger) {}

  #at(level: 'trace' | 'debug' | 'warn' | 'error'): (message: unknown, ...rest: readonly unknown[]) => void {
    return (message, ...rest) => {
      const error = [message, ...rest].find((part) => part instanceof Error);
      this.logger[level]({ event: 'framework.message', ...(error ? { error } : {}) }, String(message));
    };
  }
}
