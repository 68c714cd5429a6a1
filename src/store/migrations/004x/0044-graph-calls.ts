/** What a call through the Graph API holds beside its facts; `../../columns/call-columns.ts` says what the columns mean. A release before leaves them out. */
export const graphCalls = ['alter table calls add column callback_data text', 'alter table calls add column connected_by text'];
