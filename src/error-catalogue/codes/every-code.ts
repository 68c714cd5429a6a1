import { accessCodes } from './access.js';
import { callCodes } from './call.js';
import { callingCodes } from './calling.js';
import { dialog360Codes } from './dialog360.js';
import { mediaCodes } from './media.js';
import { messageCodes } from './message.js';
import { metaCodes } from './meta.js';
import { requestCodes } from './request.js';
import { standingCodes } from './standing.js';

/** All pages of the catalogue, in no order. */
export const everyCode = [
  ...accessCodes,
  ...requestCodes,
  ...callCodes,
  ...standingCodes,
  ...callingCodes,
  ...mediaCodes,
  ...metaCodes,
  ...messageCodes,
  ...dialog360Codes,
] as const;

declare module '#kernel/problem.js' {
  interface ProblemCodes {
    catalogue: (typeof everyCode)[number]['code'];
  }
}
