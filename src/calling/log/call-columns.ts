import type { CallDto } from '#calling/call/call.view.js';
import { MEMBERS } from '#calling/call/publish.js';
import type { Cell } from '#kernel/text/csv.js';

type Column = readonly [name: string, of: (call: CallDto) => Cell];

type Group = 'user' | 'session' | 'permission_request' | 'error' | 'links';
const GROUPS: ReadonlySet<string> = new Set<Group>(['user', 'session', 'permission_request', 'error', 'links']);

/** The members that stand under their own name, in the order of the call. */
const PLAIN = Object.keys(MEMBERS).filter((name): name is Exclude<keyof CallDto, Group> => !GROUPS.has(name));
const USER = ['wa_id', 'input', 'user_id', 'parent_user_id', 'username', 'name'] as const;
const UPSTREAM = ['status', 'code', 'message', 'details', 'fbtrace_id'] as const;

/** A call as one line: every member but the session, those of objects under `object_member`. */
const COLUMNS: readonly Column[] = [
  ...PLAIN.map((name): Column => [name, (call) => call[name]]),
  ...USER.map((name): Column => [`user_${name}`, ({ user }) => user[name]]),
  ['permission_request_message_id', (call) => call.permission_request?.message_id ?? null],
  ['permission_request_status', (call) => call.permission_request?.status ?? null],
  ['permission_request_error_code', (call) => call.permission_request?.error?.code ?? null],
  ['error_code', ({ error }) => error?.code ?? null],
  ...UPSTREAM.map((name): Column => [`error_upstream_${name}`, ({ error }) => error?.upstream?.[name] ?? null]),
  ['links_self', ({ links }) => links.self],
];

export const HEADER: readonly string[] = COLUMNS.map(([name]) => name);

export const rowOf = (call: CallDto): Cell[] => COLUMNS.map(([, of]) => of(call));
