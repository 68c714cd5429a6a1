import { DAY, HOUR } from '#kernel/clock.js';
import type { SimulatedPermission, SimulatedUser } from './user.js';

/** How long a temporary permission and a request for one live. */
export const PERMISSION_LIFE_MS = 7 * DAY;
/** Meta's limits of one number towards one user. @see user-call-permissions (2026-06-26) */
export const LIMITS = { requestsPerDay: 1, requestsPerWeek: 2, connectedPerDay: 100, nudgeAfter: 2, revokeAfter: 4 } as const;

/** One limit as `GET /calling/permissions` reports it; `freeAt` (ms) only once it is reached. */
export type SimulatedLimit = ReturnType<typeof limit>;

/** The permission in force: an expired one counts as none. */
export const heldPermission = ({ permission }: SimulatedUser, now: number): SimulatedPermission | null =>
  permission && (permission.until === null || permission.until > now) ? permission : null;

export const newPermission = (kind: SimulatedPermission['kind'], now: number): SimulatedPermission => ({
  kind,
  until: kind === 'permanent' ? null : now + PERMISSION_LIFE_MS,
});

const limit = (moments: readonly number[], now: number, period: 'PT24H' | 'P7D', allowed: number) => {
  const length = period === 'PT24H' ? DAY : 7 * DAY;
  const within = moments.filter((at) => at > now - length).sort((a, b) => a - b);
  const leaves = within[within.length - allowed];
  return { period, allowed, used: within.length, freeAt: within.length < allowed || leaves === undefined ? null : leaves + length };
};

export const requestLimits = ({ askedAt }: SimulatedUser, now: number): SimulatedLimit[] => [
  limit(askedAt, now, 'PT24H', LIMITS.requestsPerDay),
  limit(askedAt, now, 'P7D', LIMITS.requestsPerWeek),
];

export const callLimits = ({ connectedAt }: SimulatedUser, now: number): SimulatedLimit[] => [
  limit(connectedAt, now, 'PT24H', LIMITS.connectedPerDay),
];

export const allFree = (limits: readonly SimulatedLimit[]): boolean => limits.every(({ freeAt }) => freeAt === null);

/** The moment when the last of the reached limits is free again, or `null`. */
export const freeAgainAt = (limits: readonly SimulatedLimit[]): number | null =>
  limits.reduce<number | null>((latest, { freeAt }) => (freeAt === null ? latest : Math.max(latest ?? 0, freeAt)), null);

/** Free-form messages may be sent for 24 h after the user's last sign of life. */
export const windowOpen = ({ wroteAt }: SimulatedUser, now: number): boolean => wroteAt !== null && wroteAt > now - 24 * HOUR;
