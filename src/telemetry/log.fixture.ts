import { createLogger } from './logger.js';
import type { Log } from './telemetry.module.js';

/** A log that writes nothing. */
export const SILENT_LOG: Log = { pino: createLogger({ logLevel: 'silent' }) };
