import { type QueryExecutorProvider, sql } from 'kysely';

interface KeptCall {
  id: string;
  created_at: number;
  ended_at: number | null;
  live: number;
  knowledge: string;
}

type KeptFact = { kind: string } & Record<string, unknown>;

/** How far Meta's clock may be ahead of ours, in ms. */
const AHEAD_MS = 300_000;
/** The times that Meta told; the others are of our own clock. */
const TOLD = new Set(['connected', 'ringing', 'accepted', 'rejected', 'terminated']);
const TIMES = ['at', 'startTime', 'endTime'];

/**
 * Releases before 2026-11 kept times far in the future as they came, so such a call rings until then, and one that ended then is
 * never deleted. Each of these times becomes that of the call's begin, and the watchdog looks at those that still live.
 * @param now ms since 1970
 */
export async function repairFutureTimes(db: QueryExecutorProvider, now: number): Promise<void> {
  // Each half is found by an index of its own: a log of months is not read from its beginning.
  const { rows } = await sql<KeptCall>`
    select id, created_at, ended_at, live, knowledge from calls where live = 1 and deadline_at > 0 union all
    select id, created_at, ended_at, live, knowledge from calls where live = 0 and ended_at > ${now + AHEAD_MS}`.execute(db);
  for (const call of rows) {
    const begin = Math.min(Number(call.created_at), now);
    const knowledge = repaired(call.knowledge, begin, now + AHEAD_MS);
    if (knowledge === call.knowledge) continue;
    const [deadline, ended] = call.live ? [now, null] : [null, Math.min(Number(call.ended_at), begin)];
    await sql`update calls set knowledge = ${knowledge}, created_at = ${begin}, deadline_at = ${deadline}, ended_at = ${ended}
      where id = ${call.id}`.execute(db);
  }
}

function repaired(knowledge: string, begin: number, latest: number): string {
  const { facts, ...rest } = JSON.parse(knowledge) as { facts: Record<string, KeptFact> };
  const inTime = (fact: KeptFact): KeptFact => {
    const late = TIMES.filter((name) => typeof fact[name] === 'number' && fact[name] > latest);
    return TOLD.has(fact.kind) && late.length ? { ...fact, ...Object.fromEntries(late.map((name) => [name, begin])) } : fact;
  };
  return JSON.stringify({ facts: Object.fromEntries(Object.entries(facts).map(([key, fact]) => [key, inTime(fact)])), ...rest });
}
