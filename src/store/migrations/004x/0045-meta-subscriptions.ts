/**
 * Subscriptions in Meta's format; `../../columns/subscription-columns.ts` says what the columns mean. A release before this one delivers none of
 * their events as Meta writes them: no replica of it may run while `GRAPH_API` is on.
 */
export const metaSubscriptions = [
  'alter table subscriptions add column format text',
  'alter table subscriptions add column verify_token text',
  'alter table subscriptions add column sealed_verify_token text',
];
