/** Which replica applies the deliveries of a queue; `../../schema.ts` says what the columns mean. */
export const queues = ['create table queues (key text primary key, holder text, held_by_until bigint not null, token bigint not null)'];
