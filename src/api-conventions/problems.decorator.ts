import { SetMetadata } from '@nestjs/common';

export const PROBLEMS_METADATA = 'http:problems';

/**
 * The catalogue codes with which a route can refuse, for its description in /openapi.json. What every route can answer
 * (no key, a lacking scope, invalid input, a bug) is described without being named.
 */
export const Problems = (...codes: [string, ...string[]]) => SetMetadata(PROBLEMS_METADATA, codes);
