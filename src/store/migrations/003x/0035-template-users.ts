import type { SqlWords } from '../sql-words.js';

const NAME = 'conversation_digests_templates';
const ON = "conversation_digests (phone_number_id, at, key) where kind = 'template'";

/** Whom the numbers of a portfolio reached in 24 h is read by this index. It is built while the table is written to; a build that was cut off is begun anew. */
export const templateUsers = ({ engine }: SqlWords): string[] =>
  engine === 'sqlite'
    ? [`create index ${NAME} on ${ON}`]
    : [`drop index concurrently if exists ${NAME}`, `create index concurrently ${NAME} on ${ON}`];
