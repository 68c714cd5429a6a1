/** The requests to 360dialog's partner API over all replicas, on Postgres. SQLite has one process, which keeps them in memory: there it stays empty. */
export const partnerRequests = [
  `create table partner_requests (
    partner text not null, subject text not null, at bigint not null, constraint partner_requests_pk primary key (partner, at))`,
];
