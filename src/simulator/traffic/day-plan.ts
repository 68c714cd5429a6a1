import { DAY, HOUR, MINUTE, SECOND } from '#kernel/clock.js';
import type { MessageCategory, MessageProgress } from '#simulator/webhooks/message-webhooks.js';
import { Ids } from '#simulator/world/ids.js';
import { SeededDraws } from './draws.js';
import type { DayShape } from './histories.js';

/** The number of different users of the business. */
const CROWD = 1_500;

interface MessageStatus {
  status: MessageProgress['status'];
  at: number;
}

/** One conversation of a planned day. */
export type PlannedConversation = ReturnType<typeof conversation>;

/** One call of a planned day; times are ms since 1970. */
export type PlannedCall = ReturnType<typeof call>;

/** Everything that begins on one day of UTC. */
export type DayPlan = ReturnType<typeof planDay>;

/** Sunday to Saturday. */
const WEEK = [0.35, 1.1, 1.25, 1.2, 1.2, 1.15, 0.75];
/** Of messages and calls in good and in poor times. */
const GOOD = { fails: 0.03, read: 0.75, answered: 0.62, rejected: 0.16 };
const POOR = { fails: 0.18, read: 0.4, answered: 0.3, rejected: 0.4 };
const SECOND_MESSAGE = 0.2;
const MISSED = 0.25;
const CATEGORIES: readonly MessageCategory[] = ['marketing', 'marketing', 'utility', 'utility', 'utility', 'authentication'];

/** A day with the same seed is always the same. @param day its midnight in UTC */
export function planDay(shape: DayShape, day: number, seed: string) {
  const [draws, ids] = [new SeededDraws(seed), new Ids(seed)];
  const share = WEEK[new Date(day).getUTCDay()] ?? 1;
  const rates = shape.poor ? POOR : GOOD;
  const many = <T>(mean: number, make: () => T): T[] => Array.from({ length: draws.around(mean * share) }, make);
  const business = many(shape.business, () =>
    conversation(draws, ids, day, CATEGORIES[draws.between(0, CATEGORIES.length - 1)], rates.read),
  );
  const user = many(shape.user, () => conversation(draws, ids, day, 'service', rates.read));
  const failures = many(shape.business * rates.fails, () => failure(draws, ids, day));
  const ours = many(shape.callsOut, () => callOut(draws, ids, day, rates));
  const theirs = many(shape.callsIn, () => callIn(draws, ids, day));
  return {
    conversations: [...business, ...user],
    /** Messages that failed: they open no conversation. */
    failures,
    calls: [...ours, ...theirs],
  };
}

/** A third of the day is spread evenly, the rest falls into the working hours of Mexico. */
function momentOf(draws: SeededDraws, day: number): number {
  const hours = draws.chance(1 / 3) ? draws.next() * 24 : 14 + draws.next() * 10;
  return day + Math.min(Math.floor((hours * HOUR) / SECOND) * SECOND, DAY - SECOND);
}

function conversation(draws: SeededDraws, ids: Ids, day: number, category: MessageCategory = 'utility', read: number) {
  const at = momentOf(draws, day);
  /** 0 to `CROWD` - 1. */
  const person = draws.between(0, CROWD - 1);
  const messages = [message(draws, ids, at, read)];
  if (draws.chance(SECOND_MESSAGE)) messages.push(message(draws, ids, at + draws.between(5, 180) * MINUTE, read));
  return { id: ids.hex(32), at, category, person, messages };
}

function message(draws: SeededDraws, ids: Ids, sentAt: number, read: number) {
  const deliveredAt = sentAt + draws.between(1, 90) * SECOND;
  /** Its statuses, in order of time. */
  const fate: MessageStatus[] = [
    { status: 'sent', at: sentAt },
    { status: 'delivered', at: deliveredAt },
  ];
  if (draws.chance(read)) fate.push({ status: 'read', at: deliveredAt + draws.between(2, 5_400) * SECOND });
  return { wamid: ids.wamid(), fate };
}

function failure(draws: SeededDraws, ids: Ids, day: number): PlannedConversation {
  const at = momentOf(draws, day);
  const person = draws.between(0, CROWD - 1);
  return { id: ids.hex(32), at, category: 'marketing', person, messages: [{ wamid: ids.wamid(), fate: [{ status: 'failed', at }] }] };
}

function callOut(draws: SeededDraws, ids: Ids, day: number, { answered, rejected }: typeof GOOD): PlannedCall {
  const drawn = draws.next();
  if (drawn < answered) return call(draws, ids, day, true, 'answered');
  return call(draws, ids, day, true, drawn < answered + rejected ? 'rejected' : 'no_answer');
}

const callIn = (draws: SeededDraws, ids: Ids, day: number): PlannedCall =>
  call(draws, ids, day, false, draws.chance(MISSED) ? 'no_answer' : 'answered');

function call(draws: SeededDraws, ids: Ids, day: number, byBusiness: boolean, what: 'answered' | 'rejected' | 'no_answer') {
  const startedAt = momentOf(draws, day);
  const rings = what === 'no_answer' ? 60 : draws.between(4, 30);
  const pickedUpAt = what === 'answered' ? startedAt + rings * SECOND : null;
  const endedAt = startedAt + (rings + (pickedUpAt === null ? 0 : draws.between(15, 720))) * SECOND;
  return {
    id: ids.wacid(),
    person: draws.between(0, CROWD - 1),
    byBusiness,
    startedAt,
    pickedUpAt,
    rejected: what === 'rejected',
    endedAt,
  };
}
