/**
 * A key may be limited to some numbers, and so may be a subscription; an administrative act names those that it is about. A release before this one makes keys
 * without a list and acts without numbers.
 */
export const keysOfNumbers = [
  'alter table api_keys add column numbers text',
  'alter table api_keys add column reach_revision bigint not null default 0',
  'alter table audit add column numbers text',
  'alter table subscriptions add column numbers text',
];
