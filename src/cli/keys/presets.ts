import type { Scope } from '#access/authorization/scope.js';

/** The limits of a key, as `POST /api/keys` takes them. */
export interface GivenLimits {
  dials_per_day?: number;
  asks_per_day?: number;
  quiet_hours?: { from: string; until: string };
}

/** What a kind of consumer needs, and limits that suit it. */
export interface KeyPreset {
  scopes: readonly Scope[];
  /** Null without limits. */
  limits: GivenLimits | null;
}

const CALLS: readonly Scope[] = ['calls:dial', 'calls:control', 'calls:read', 'permissions:read', 'events:read', 'status:read'];

/** `bot`: a program that dials by itself. `agent`: a person with a softphone. The console offers the same. */
export const KEY_PRESETS: Readonly<Record<'bot' | 'agent', KeyPreset>> = {
  bot: { scopes: CALLS, limits: { dials_per_day: 200, asks_per_day: 50, quiet_hours: { from: '21:00', until: '08:00' } } },
  agent: { scopes: [...CALLS, 'permissions:ask'], limits: null },
};
