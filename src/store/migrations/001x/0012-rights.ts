/** Every scope of the release before; a key that holds them all was made to hold every scope. */
const SCOPES = [
  ...['calls:dial', 'calls:control', 'calls:read', 'permissions:read', 'permissions:ask', 'status:read', 'compliance:read'],
  ...['compliance:write', 'settings:read', 'settings:write', 'events:read', 'subscriptions:write', 'keys:admin', 'data:erase'],
];

/** Which key a subscription belongs to, and which keys get each new scope; `../../schema.ts` says what the columns mean. */
export const rights = [
  'alter table subscriptions add column key_id text',
  'alter table api_keys add column every_scope integer default 0 not null',
  `update api_keys set every_scope = 1 where ${SCOPES.map((scope) => `scopes like '%"${scope}"%'`).join(' and ')}`,
];
