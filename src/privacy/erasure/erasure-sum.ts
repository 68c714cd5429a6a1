import type { ErasedDto, Erasure } from './erasure.dto.js';

const NOTHING: ErasedDto = {
  people: 0,
  addresses: 0,
  person_words: 0,
  windows: 0,
  permission_facts: 0,
  permission_readings: 0,
  calls: 0,
  timeline_entries: 0,
  conversation_digests: 0,
  deliveries: 0,
  events: 0,
  answers: 0,
};
/** From the best to the worst. */
const COMPACTIONS = ['done', 'unsupported', 'next_start'] as const;

/** The erasures of a person in several numbers, as one. */
export const sumOfErasures = (one: Erasure, other: Erasure): Erasure => ({
  erased: Object.fromEntries(Object.entries(one.erased).map(([kind, n]) => [kind, n + other.erased[kind as keyof ErasedDto]])) as never,
  numbers: [...one.numbers, ...other.numbers],
  compaction: COMPACTIONS.findLast((kind) => kind === one.compaction || kind === other.compaction) ?? 'done',
  delivered: {
    subscriptions: [...new Set([...one.delivered.subscriptions, ...other.delivered.subscriptions])],
    deliveries: one.delivered.deliveries + other.delivered.deliveries,
  },
  forwarded: one.forwarded || other.forwarded,
});

/** An erasure in no number. */
export const NO_ERASURE: Erasure = {
  erased: NOTHING,
  numbers: [],
  compaction: 'done',
  delivered: { subscriptions: [], deliveries: 0 },
  forwarded: false,
};
