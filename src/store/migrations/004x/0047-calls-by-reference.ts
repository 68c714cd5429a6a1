import type { SqlWords } from '../sql-words.js';

const NAME = 'calls_reference';
const ON = 'calls (reference, person_id) where reference is not null';

/** People are found by the reference of a call with them. The index is built while the table is written to; a build that was cut off is begun anew. */
export const callsByReference = ({ engine }: SqlWords): string[] =>
  engine === 'sqlite'
    ? [`create index ${NAME} on ${ON}`]
    : [`drop index concurrently if exists ${NAME}`, `create index concurrently ${NAME} on ${ON}`];
