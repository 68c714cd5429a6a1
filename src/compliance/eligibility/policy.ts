import { UPSTREAM_RULES as RULES } from '#error-catalogue/upstream-rules.js';
import type { LatestReading, ReportedLimit } from './reading.js';

/**
 * Meta's rules on who may call, as data with a date: they change by announcement, not by API.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling (2026-06-26)
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/messaging-limits (2026-09-11)
 */
export const POLICY_DATE = Date.parse(RULES.barred_countries.pageDate ?? RULES.barred_countries.checkedOn);

/** The messaging limit, in unique users per 24 h, from which Meta lets a number enable calling. */
export const REQUIRED_LIMIT = RULES.messaging_limit_for_calling.value;

/** Countries whose numbers may not place calls; those called may be anywhere. */
export const BARRED_COUNTRIES = ['US', 'CA', 'EG', 'VN', 'NG'] as const;

/** Calling codes that belong to one barred country alone. */
const BARRED_PREFIXES = ['20', '84', '234'];

/** Area codes of the other countries that share `+1`, from Anguilla to Trinidad and Tobago. */
const CARIBBEAN = new Set('242 246 264 268 284 345 441 473 649 658 664 721 758 767 784 809 829 849 868 869 876'.split(' '));

/**
 * Area codes of `+1` that do not identify the country as Meta does: territories of the United States with a country code of
 * their own, and those without a place, such as toll-free numbers.
 */
const PLACELESS = new Set(
  '340 670 671 684 787 939 500 521 522 523 524 525 526 527 528 529 533 544 566 577 588 600 622 633 644 655 677 688 700 710 800 822 833 844 855 866 877 888 900'.split(
    ' ',
  ),
);

/** Whether a number, in bare digits, may place calls as far as its country goes; `null` when the digits do not decide it. */
export function mayCallFrom(digits: string): boolean | null {
  if (!digits.startsWith('1')) return !BARRED_PREFIXES.some((prefix) => digits.startsWith(prefix));
  const area = digits.slice(1, 4);
  if (digits.length !== 11 || PLACELESS.has(area)) return null;
  return CARIBBEAN.has(area);
}

/** A messaging limit that could be read. */
export interface MessagingLimit {
  /** Meta's word, such as `TIER_2K`; null for a bare number that is none of the tiers. */
  tier: string | null;
  /** Unique users per 24 h; `null` when unlimited. */
  limit: number | null;
  meets: boolean;
}

/** A messaging limit as answers show it; `null` is unknown. */
export interface ShownLimit {
  /** Meta's word, such as `TIER_2K`; the source's own word where it is not understood. */
  tier: string | null;
  limit: number | null;
  meets: boolean | null;
  source: string | null;
}

/** Reads the limit with `readLimit`. For a text that it cannot read, `tier` is that text and `limit` and `meets` are null. */
export function shownLimit({ value, source }: LatestReading<ReportedLimit>): ShownLimit {
  const known = value && readLimit(value.limit);
  return { tier: known ? known.tier : (value?.limit ?? null), limit: known?.limit ?? null, meets: known?.meets ?? null, source };
}

/** `TIER_50` and `TIER_1K` are of before October 2025. */
const TIERS: ReadonlyMap<string, number> = new Map([
  ['TIER_50', 50],
  ['TIER_250', 250],
  ['TIER_1K', 1_000],
  ['TIER_2K', 2_000],
  ['TIER_10K', 10_000],
  ['TIER_100K', 100_000],
]);

/** Reads a limit as its source writes it: a tier, with or without `TIER_`, or a number (-1 is unlimited, assumed). `null` for unknown words. */
export function readLimit(told: string): MessagingLimit | null {
  const word = told.trim().toUpperCase();
  if (/^(TIER_)?UNLIMITED$/.test(word) || word === '-1') return { tier: 'TIER_UNLIMITED', limit: null, meets: true };
  const tier = [word, `TIER_${word}`].find((name) => TIERS.has(name)) ?? null;
  const limit = TIERS.get(tier ?? '') ?? (/^\d+$/.test(word) ? Number(word) : null);
  if (limit === null) return null;
  return { tier: tier ?? [...TIERS].find(([, size]) => size === limit)?.[0] ?? null, limit, meets: limit >= REQUIRED_LIMIT };
}
