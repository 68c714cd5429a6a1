import type { Logger } from 'pino';

/** The one logger of the gateway. Each line has an `event`, a stable name such as `inbox.element_quarantined`, and a message. */
export abstract class Log {
  abstract readonly pino: Logger;
}
