import type { ProblemCode } from '#kernel/problem.js';
import { accessPeople } from './access.js';
import { callPeople } from './call.js';
import { callingPeople } from './calling.js';
import { dialog360People } from './dialog360.js';
import { mediaPeople } from './media.js';
import { messagePeople } from './message.js';
import { metaPeople } from './meta.js';
import { numberPeople } from './numbers.js';
import type { PeopleText } from './people.js';
import { requestPeople } from './request.js';
import { standingPeople } from './standing.js';

/** The sentence and the action of every code; one that is missing does not compile. */
export const everyPeopleText: Readonly<Record<ProblemCode, PeopleText>> = {
  ...accessPeople,
  ...callPeople,
  ...callingPeople,
  ...dialog360People,
  ...mediaPeople,
  ...messagePeople,
  ...metaPeople,
  ...numberPeople,
  ...requestPeople,
  ...standingPeople,
};
