/** Sessions of the console and browser tokens; `../../schema.ts` says what the columns mean. */
export const consoleSessions = [
  `create table sessions (
    id text primary key, kind text not null, hash text not null unique, api_key_id text not null, name text not null,
    scopes text not null, created_at bigint not null, used_at bigint not null, expires_at bigint not null)`,
  'create index sessions_expires_at on sessions (expires_at)',
];
