/**
 * Secrets of subscriptions, sealed, beside the plain ones that a release before this one reads. `../../schema.ts` says what the columns
 * mean, and `../../sealed/sealing-state.ts` from when on they are used.
 */
export const sealedSecrets = [
  'alter table subscriptions add column sealed_secret text',
  'alter table subscriptions add column sealed_previous_secret text',
];
