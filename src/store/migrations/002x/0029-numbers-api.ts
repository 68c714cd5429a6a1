/** What changing and removing numbers needs to know of them; `../../columns/number-columns.ts` says what the columns mean. */
export const numbersApi = ['key_rejected_at bigint', 'removal text'].map((column) => `alter table numbers add column ${column}`);
