/** Events that a subscription lost because they were deleted before delivery; `../../schema.ts` says what the columns mean. */
export const eventGaps = ['gap_events', 'gap_from', 'gap_until', 'gap_told_at'].map(
  (column) => `alter table subscriptions add column ${column} bigint`,
);
