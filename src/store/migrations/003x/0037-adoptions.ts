/** Channels of a partner whose numbers are being adopted; `../../columns/adoption-columns.ts` says what the columns mean. */
export const adoptions = [
  `create table adoptions (
    channel_id text primary key, state text not null, holder text not null, held_until bigint not null, begun_at bigint not null,
    client_id text, sealed_api_key text, request text not null, fault text)`,
];
