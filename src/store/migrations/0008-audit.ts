import type { SqlWords } from '#store/sql-words.js';

/** Administrative actions. The table is append-only: the database refuses to change a row. */
export const audit = ({ engine, id }: SqlWords): string[] => [
  `create table audit (
    id ${id}, at bigint not null, action text not null, key_id text not null,
    operator_id text, target text, request_id text, outcome_of bigint unique, status integer)`,
  ...(engine === 'postgres' ? POSTGRES : SQLITE),
];

const SQLITE = ["create trigger audit_is_final before update on audit begin select raise(abort, 'audit is only added to'); end"];

const POSTGRES = [
  "create function audit_is_final() returns trigger language plpgsql as $$ begin raise exception 'audit is only added to'; end $$",
  'create trigger audit_is_final before update on audit for each row execute function audit_is_final()',
];
