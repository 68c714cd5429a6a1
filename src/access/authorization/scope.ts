import { list, parseJson } from '#kernel/read.js';

/** Everything a key can be allowed to do, with what it opens. */
export const SCOPES = {
  'calls:dial': 'Place calls, which includes asking for the permission to call.',
  'calls:control': 'Answer, decline and hang up calls, and see the other side’s SDP.',
  'calls:read': 'Read calls and their timelines.',
  'permissions:read': 'Read what a person allows and whether a call may be placed.',
  'permissions:ask': 'Send a permission request without placing a call.',
  'status:read': 'Read the diagnosis of the number.',
  'compliance:read': 'Read eligibility, snapshots and reports.',
  'compliance:write': 'Poll now, and declare what the owner saw.',
  'settings:read': 'Read the calling settings of the number.',
  'settings:write': 'Change the calling settings of the number.',
  'events:read': 'Listen to the event stream.',
  'subscriptions:write': 'Manage where events are delivered.',
  'keys:admin': 'Make, list, change, suspend and delete API keys; until 1.0, also read the audit log.',
  'data:erase': 'Erase a person.',
  'data:export': 'Export everything kept about a person.',
  'numbers:read': 'Read the business numbers of the gateway.',
  'numbers:admin': 'Add, change, pause and remove business numbers, and register their webhooks.',
  'audit:read': 'Read and export the audit log.',
} as const;

export type Scope = keyof typeof SCOPES;

export const ALL_SCOPES: readonly Scope[] = Object.keys(SCOPES) as Scope[];

export const isScope = (value: unknown): value is Scope => typeof value === 'string' && Object.hasOwn(SCOPES, value);

/** The scopes in a JSON list; a word that is no scope is left out. */
export const scopesIn = (json: string): Scope[] => list(parseJson(json)).filter(isScope);

/** The scopes of a key with those that they bring along: before there was `audit:read`, `keys:admin` read the audit log, and does so until 1.0. */
export const effective = (scopes: readonly Scope[]): readonly Scope[] =>
  scopes.includes('keys:admin') && !scopes.includes('audit:read') ? [...scopes, 'audit:read'] : scopes;
