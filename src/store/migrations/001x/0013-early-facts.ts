import type { SqlWords } from '../sql-words.js';

/** Facts of webhooks about a call that is not known yet; `../../schema.ts` says what the columns mean. */
export const earlyFacts = ({ id }: SqlWords): string[] => [
  `create table early_facts (
    id ${id}, phone_number_id text not null, wacid text not null, at bigint not null, data text not null)`,
  'create index early_facts_wacid on early_facts (wacid)',
  'create index early_facts_at on early_facts (at)',
];
