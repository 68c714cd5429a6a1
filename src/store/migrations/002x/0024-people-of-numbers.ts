/** To which number a person belongs; `../../schema.ts` says what the columns mean. The rows that are there belong to the number that was first. */
export const peopleOfNumbers = ['alter table people add column phone_number_id text'];
