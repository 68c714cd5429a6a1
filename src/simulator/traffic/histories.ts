import type { Quality, Tier } from '#simulator/world/number.js';

/** What an average day of a history is like, before its weekday. */
export type DayShape = ReturnType<typeof shape>;

/** What Meta decides about the number on a day of the history. */
interface Milestone {
  daysAgo: number;
  tier?: Tier;
  quality?: Quality;
  /** The business may start no calls for so many days. */
  restrictedForDays?: number;
}

interface History {
  /** What it shows, in English and in Spanish. */
  texts: readonly [string, string];
  tier: Tier;
  day(daysAgo: number): DayShape | null;
  milestones: readonly Milestone[];
}

/** Before this, no history has anything. */
const BEGAN_DAYS_AGO = 75;
const shape = (business: number, user: number, callsOut = 0, callsIn = 0, poor = false) => ({
  /** Conversations that the business begins, and that users begin. */
  business,
  user,
  /** Calls of the business and of users. */
  callsOut,
  callsIn,
  /** A time of poor quality: more messages fail, fewer are read, more calls are declined. */
  poor,
});

/** The pasts of a number. Days are counted back from the present of the history; negative ones come after it. */
const ALL = {
  growing: {
    texts: [
      'Stepped up 16 days ago, after a dip in quality, and will reach 1,000 conversations in 30 days soon. Went up to 2,000 users a day.',
      'Creció hace 16 días, tras una baja de calidad, y pronto llegará a 1,000 conversaciones en 30 días. Subió a 2,000 usuarios al día.',
    ],
    tier: 'TIER_250',
    day: (ago) => {
      if (ago > 27) return shape(7, 9);
      return ago > 16 ? shape(7, 9, 2, 2, ago <= 21 && ago > 18) : shape(41, 17, 5, 4);
    },
    milestones: [
      { daysAgo: 27, tier: 'TIER_2K' },
      { daysAgo: 20, quality: 'Medium' },
      { daysAgo: 17, quality: 'High' },
    ],
  },
  reached: {
    texts: [
      'Has had more than 1,000 conversations in 30 days for weeks, and went up to 10,000 users a day.',
      'Desde hace semanas supera 1,000 conversaciones en 30 días y subió a 10,000 usuarios al día.',
    ],
    tier: 'TIER_2K',
    day: () => shape(48, 20, 9, 6),
    milestones: [{ daysAgo: 20, tier: 'TIER_10K' }],
  },
  stalled: {
    texts: [
      'Writes to too few people: at this pace it never reaches 1,000 conversations in 30 days.',
      'Escribe a muy pocas personas: a este ritmo nunca llega a 1,000 conversaciones en 30 días.',
    ],
    tier: 'TIER_2K',
    day: (ago) => shape(15, 11, 2, 3, ago <= 12 && ago > 8),
    milestones: [
      { daysAgo: 11, quality: 'Medium' },
      { daysAgo: 7, quality: 'High' },
    ],
  },
  restricted: {
    texts: [
      'Was doing well, then people complained: quality fell, and Meta stopped its calls two days ago, for a week.',
      'Iba bien hasta que la gente se quejó: la calidad cayó y Meta detuvo sus llamadas hace dos días, por una semana.',
    ],
    tier: 'TIER_2K',
    day: (ago) => {
      if (ago > 12) return shape(38, 14, 8, 4);
      return ago > 2 ? shape(24, 8, 6, 2, true) : shape(6, 5, 0, 2, true);
    },
    milestones: [
      { daysAgo: 10, quality: 'Medium' },
      { daysAgo: 5, quality: 'Low' },
      { daysAgo: 2, restrictedForDays: 7 },
    ],
  },
  fresh: {
    texts: [
      'Began three days ago and may write to 250 users a day: too few for calls.',
      'Empezó hace tres días y puede escribir a 250 usuarios al día: muy pocos para llamar.',
    ],
    tier: 'TIER_250',
    day: (ago) => (ago > 3 ? null : shape(12, 6)),
    milestones: [],
  },
  none: {
    texts: ['Nothing has happened yet.', 'Todavía no ha pasado nada.'],
    tier: 'TIER_2K',
    day: () => null,
    milestones: [],
  },
} as const satisfies Record<string, History>;

export type HistoryName = keyof typeof ALL;
/** No past: the present of a number with which nothing has happened. */
export const EMPTY_PRESENT: HistoryName = 'none';
export const HISTORIES = Object.keys(ALL) as HistoryName[];
export const isHistory = (name: unknown): name is HistoryName => typeof name === 'string' && Object.hasOwn(ALL, name);
export const historyOf = (name: HistoryName): History => ALL[name];

/** The day of a history; null when nothing happens on it. */
export const shapeOf = (name: HistoryName, daysAgo: number): DayShape | null =>
  daysAgo > BEGAN_DAYS_AGO ? null : historyOf(name).day(daysAgo);

/** How Meta saw the number at the end of a day of its history. */
export function numberStatusAt(name: HistoryName, daysAgo: number): { tier: Tier; quality: Quality } {
  const { tier, milestones } = historyOf(name);
  return milestones
    .filter((milestone) => milestone.daysAgo >= daysAgo)
    .reduce<{ tier: Tier; quality: Quality }>((before, { tier = before.tier, quality = before.quality }) => ({ tier, quality }), {
      tier,
      quality: 'High',
    });
}
