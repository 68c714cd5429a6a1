/** Deliveries that the forward target refuses, and until when forwarding waits; `../schema.ts` says what the columns mean. */
export const refusedForwards = [
  'alter table forwards add column held_until bigint',
  `create table refused_forwards (
    delivery_id bigint primary key, state text not null, attempts integer not null, status integer,
    first_refused_at bigint not null, last_refused_at bigint not null)`,
];
