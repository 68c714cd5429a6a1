import type { CallDto } from '#calling/call/call.view.js';
import type { Cell } from '#kernel/csv.js';

type Column = readonly [name: string, of: (call: CallDto) => Cell];

/** The members that stand under their own name. */
const PLAIN = [
  'id',
  'call_id',
  'direction',
  'state',
  'outcome',
  'outcome_known',
  'outcome_source',
  'phone_number_id',
  'reference',
  'claimed_by',
  'cta_payload',
  'deeplink_payload',
  'created_at',
  'permission_requested_at',
  'dialed_at',
  'pre_accepted_at',
  'ringing_at',
  'answered_at',
  'ended_at',
  'duration_seconds',
  'expires_at',
  'sequence',
] as const satisfies readonly (keyof CallDto)[];

/** A call as one line: every member but the session, those of objects under `object_member`. */
const COLUMNS: readonly Column[] = [
  ...PLAIN.map((name): Column => [name, (call) => call[name]]),
  ['user_wa_id', ({ user }) => user.wa_id],
  ['user_input', ({ user }) => user.input],
  ['user_user_id', ({ user }) => user.user_id],
  ['user_parent_user_id', ({ user }) => user.parent_user_id],
  ['user_username', ({ user }) => user.username],
  ['user_name', ({ user }) => user.name],
  ['permission_request_message_id', (call) => call.permission_request?.message_id ?? null],
  ['permission_request_status', (call) => call.permission_request?.status ?? null],
  ['permission_request_error_code', (call) => call.permission_request?.error?.code ?? null],
  ['error_code', ({ error }) => error?.code ?? null],
  ['error_upstream_status', ({ error }) => error?.upstream?.status ?? null],
  ['error_upstream_code', ({ error }) => error?.upstream?.code ?? null],
  ['error_upstream_message', ({ error }) => error?.upstream?.message ?? null],
  ['error_upstream_details', ({ error }) => error?.upstream?.details ?? null],
  ['error_upstream_fbtrace_id', ({ error }) => error?.upstream?.fbtrace_id ?? null],
  ['links_self', ({ links }) => links.self],
];

export const HEADER: readonly string[] = COLUMNS.map(([name]) => name);

export const rowOf = (call: CallDto): Cell[] => COLUMNS.map(([, of]) => of(call));
