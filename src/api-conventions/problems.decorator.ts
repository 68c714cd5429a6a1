import { SetMetadata } from '@nestjs/common';
import type { ProblemCode } from '#kernel/problem.js';

export const PROBLEMS_METADATA = 'http:problems';

/**
 * The catalogue codes with which a route can refuse, for its description in /openapi.json. What every route can answer
 * (no key, a lacking scope, invalid input, a database that does not answer, a bug) is described without being named.
 */
export const Problems = (...codes: [ProblemCode, ...ProblemCode[]]) => SetMetadata(PROBLEMS_METADATA, codes);
