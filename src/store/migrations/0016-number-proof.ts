/** For which key 360dialog has named the number; `../schema.ts` says what the column means. */
export const numberProof = ['alter table numbers add column key_digest text'];
