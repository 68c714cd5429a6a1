const DAY_MS = 86_400_000;

/** One day of a client's balance. */
export interface PastDay {
  /** `YYYY-MM-DD`, UTC. */
  date: string;
  businessInitiated: number;
  userInitiated: number;
}

/** A past that can be loaded: what a day was like, so many days ago. */
type Past = (daysAgo: number) => { business: number; user: number };

const NOTHING = { business: 0, user: 0 };

/**
 * The pasts of a client. `growing` stepped up some weeks ago and will reach 1,000 in 30 days soon; `reached` has; `stalled` writes
 * too little ever to reach it; `young` began a week ago; `silent` has a balance without conversations.
 */
const PASTS = {
  growing: (daysAgo) => (daysAgo > 75 ? NOTHING : daysAgo > 16 ? { business: 7, user: 9 } : { business: 41, user: 17 }),
  reached: (daysAgo) => (daysAgo > 75 ? NOTHING : { business: 48, user: 20 }),
  stalled: (daysAgo) => (daysAgo > 75 ? NOTHING : { business: 15, user: 11 }),
  young: (daysAgo) => (daysAgo > 7 ? NOTHING : { business: 30, user: 8 }),
  silent: () => NOTHING,
} as const satisfies Record<string, Past>;

export type HistoryName = keyof typeof PASTS;
export const HISTORIES = Object.keys(PASTS) as HistoryName[];
export const isHistory = (name: unknown): name is HistoryName => typeof name === 'string' && Object.hasOwn(PASTS, name);

/** Sunday to Saturday. */
const WEEK = [0.35, 1.1, 1.25, 1.2, 1.2, 1.15, 0.75];

/** The days of a past up to now, oldest first. Today has come as far as its hour. */
export function daysOf(name: HistoryName, now: number, from: number): PastDay[] {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const days: PastDay[] = [];
  for (let day = Math.max(Math.floor(from / DAY_MS) * DAY_MS, today - 400 * DAY_MS); day <= today; day += DAY_MS) {
    const { business, user } = PASTS[name]((today - day) / DAY_MS);
    const share = (WEEK[new Date(day).getUTCDay()] ?? 1) * (day === today ? (now - today) / DAY_MS : 1);
    days.push({
      date: new Date(day).toISOString().slice(0, 10),
      businessInitiated: around(business * share, day),
      userInitiated: around(user * share, day + 1),
    });
  }
  return days;
}

/** The same day is always the same, and no two are. */
function around(mean: number, seed: number): number {
  const drawn = Math.abs(Math.sin(seed / DAY_MS) * 43_758.545) % 1;
  return Math.round(mean * (0.8 + 0.4 * drawn));
}
