import type { Log } from './log.js';
import { createLogger } from './logger.js';

/** A log that writes nothing. */
export const SILENT_LOG: Log = { pino: createLogger({ logLevel: 'silent' }) };
