import type { CallingSettings, LatestReading, ReportedRestriction } from '#compliance/eligibility/reading.js';
import { RESTRICTION_MEMBERS, restrictionsOf } from '#dialog360/number-reading.js';
import { effectsOfRestriction, type RestrictionEffect } from '#error-catalogue/restriction-types.js';
import { DAY } from '#kernel/clock.js';
import { text } from '#kernel/read.js';
import type { Direction, GateFinding } from './gate.js';

/** How long Meta's pauses last when their end is not named. */
const PAUSE_MS = 7 * DAY;

/** The type under which it is kept that Meta reported a list without restrictions. */
export const NONE_IN_FORCE = '';

/** A restriction that holds now, with its source. Times are ms since 1970. */
export interface ActiveRestriction {
  type: string;
  /** Null for one that lasts until it is lifted. */
  expiresAt: number | null;
  source: string | null;
  observedAt: number | null;
}

interface RestrictionEvidence {
  settings: LatestReading<CallingSettings>;
  restrictions: LatestReading<ReportedRestriction[]>;
}

/** The restrictions that hold now, from the settings and from webhooks. Newer settings decide on what a webhook reported before. */
export function activeRestrictions({ settings, restrictions }: RestrictionEvidence, now: number): ActiveRestriction[] {
  const { source, value } = settings;
  const observedAt = settings.observedAt ?? 0;
  const listed = value ? restrictionsOf(value.calling).map((one) => ({ ...one, source, observedAt })) : [];
  const endedAt = restrictions.value?.find(({ type }) => type === NONE_IN_FORCE)?.at ?? 0;
  const reported = (restrictions.value ?? [])
    .filter((one) => one.at > endedAt && !isLifted(one, value, observedAt))
    .map(({ type, expiresAt, at }) => {
      const end = expiresAt ?? (isHidden(type) ? null : at + PAUSE_MS);
      return { type, expiresAt: end, source: restrictions.source, observedAt: at };
    });
  return [...listed, ...reported].filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
}

/**
 * Whether settings that are newer than the webhook show that the restriction is over: they list their restrictions, or they were
 * read as a whole and have none. A hidden call button is no pause, so the settings need not list it: it is over when shown again.
 */
function isLifted({ type, at }: ReportedRestriction, settings: CallingSettings | null, observedAt: number): boolean {
  const calling = settings?.calling ?? {};
  const lists = RESTRICTION_MEMBERS.some((name) => calling[name] !== undefined);
  if (lists && observedAt > at) return true;
  if (isHidden(type)) return observedAt > at && text(calling.call_icon_visibility)?.toUpperCase() === 'DEFAULT';
  return (settings?.readAt ?? 0) > at;
}

const isHidden = (type: string): boolean => effectsOfRestriction({ type }).inbound === 'hidden';

/** The finding on one direction; null when no restriction concerns it. */
export function restrictionGate(active: readonly ActiveRestriction[], direction: Direction): GateFinding | null {
  const lasting = (effect: RestrictionEffect) =>
    active.filter((one) => effectsOfRestriction(one)[direction] === effect).sort((a, b) => endOf(b) - endOf(a))[0];
  const blocked = lasting('blocked');
  if (blocked) return { ...seen(blocked), verdict: 'fail', code: 'calling_restricted', retryAt: blocked.expiresAt };
  const unknown = lasting('unknown');
  if (unknown) return { ...seen(unknown), verdict: 'unknown', code: 'restriction_unknown', retryAt: unknown.expiresAt };
  const hidden = lasting('hidden');
  return hidden ? { ...seen(hidden), verdict: 'warning' } : null;
}

const endOf = ({ expiresAt }: ActiveRestriction): number => expiresAt ?? Number.POSITIVE_INFINITY;

const seen = ({ type, source, observedAt }: ActiveRestriction) => ({ value: type, source, observedAt });
