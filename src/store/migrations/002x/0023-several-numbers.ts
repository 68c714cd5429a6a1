/**
 * What a number has of its own once there are several; `../../columns/number-columns.ts` says what the columns mean. A row that an older release
 * writes is that of the environment's number.
 */
export const severalNumbers = [
  'name text',
  'reference text',
  'portfolio_id text',
  "source text not null default 'environment'",
  "state text not null default 'active'",
  'sealed_api_key text',
  'key_accepted_at bigint',
  'webhook_token_digest text',
  'previous_webhook_token_digest text',
  'sealed_webhook_token text',
  'replaced_webhook text',
  'forward text',
  'settings text',
  'created_at bigint',
  'removed_at bigint',
  "address_scope text not null default ''",
].map((column) => `alter table numbers add column ${column}`);
