import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Tx } from '#store/store.js';

/** Deletes some rows; it is run again until it finds fewer than it may. */
export interface ErasureStep {
  locks: readonly string[];
  run: (tx: Tx, limit: number) => Promise<{ numDeletedRows: bigint }>;
}

/** Tables of which few rows belong to one number; each goes at once. */
const SMALL = [
  'windows',
  'permission_facts',
  'permission_readings',
  'conversation_digests',
  'conversation_buckets',
  'snapshots',
  'reports',
  'report_periods',
  'refusals',
  'unread_fields',
  'permission_reads',
  'early_facts',
] as const;

/** The counter of the events about a number: the last of them is still to come. */
const SEQUENCE = 'event_sequence';

/** The SQL that deletes what is kept about one number. */
@Injectable()
export class NumberErasureStore {
  /** In this order, since rows are found by those that go after them. */
  steps(number: string): ErasureStep[] {
    const step = (run: ErasureStep['run']): ErasureStep => ({ locks: [], run });
    return [
      step((tx, limit) => ofCalls(tx, number, limit)),
      step((tx, limit) => answers(tx, number, limit)),
      step((tx, limit) => calls(tx, number, limit)),
      step((tx, limit) => addresses(tx, number, limit)),
      step((tx, limit) => words(tx, number, limit)),
      step((tx, limit) => people(tx, number, limit)),
      step((tx, limit) => refused(tx, number, limit)),
      step((tx, limit) => deliveries(tx, number, limit)),
      step((tx, limit) => events(tx, number, limit)),
      ...SMALL.map((table) => step((tx) => tx.deleteFrom(table).where('phone_number_id', '=', number).executeTakeFirst())),
      step((tx) => tx.deleteFrom('readings').where('phone_number_id', '=', number).where('name', '!=', SEQUENCE).executeTakeFirst()),
    ];
  }
}

const callsOf = (tx: Tx, number: string) => tx.selectFrom('calls').select('id').where('phone_number_id', '=', number);
const peopleOf = (tx: Tx, number: string) => tx.selectFrom('people').select('id').where('phone_number_id', '=', number);
const deliveriesOf = (tx: Tx, number: string) => tx.selectFrom('deliveries').select('id').where('phone_number_id', '=', number);

function ofCalls(tx: Tx, number: string, limit: number) {
  const some = tx.selectFrom('timeline').select('id').where('call_id', 'in', callsOf(tx, number)).limit(limit);
  return tx.deleteFrom('timeline').where('id', 'in', some).executeTakeFirst();
}

/** Stored answers name the number; those that show a secret are sealed, and gone after 72 h. */
function answers(tx: Tx, number: string, limit: number) {
  const some = tx.selectFrom('idempotency').select('key').where('body', 'like', `%"phone_number_id":"${number}"%`).limit(limit);
  return tx.deleteFrom('idempotency').where('key', 'in', some).where('body', 'like', `%"phone_number_id":"${number}"%`).executeTakeFirst();
}

const calls = (tx: Tx, number: string, limit: number) =>
  tx.deleteFrom('calls').where('id', 'in', callsOf(tx, number).limit(limit)).executeTakeFirst();

function addresses(tx: Tx, number: string, limit: number) {
  const some = tx.selectFrom('addresses').select('address').where('person_id', 'in', peopleOf(tx, number)).limit(limit);
  return tx.deleteFrom('addresses').where('address', 'in', some).executeTakeFirst();
}

/** A word may be that of many people, so that one step deletes more than its limit. */
function words(tx: Tx, number: string, limit: number) {
  const some = tx.selectFrom('person_words').select('word').where('phone_number_id', '=', number).orderBy('word').limit(limit);
  return tx.deleteFrom('person_words').where('phone_number_id', '=', number).where('word', 'in', some).executeTakeFirst();
}

const people = (tx: Tx, number: string, limit: number) =>
  tx.deleteFrom('people').where('id', 'in', peopleOf(tx, number).limit(limit)).executeTakeFirst();

function refused(tx: Tx, number: string, limit: number) {
  const some = deliveriesOf(tx, number).where('id', 'in', tx.selectFrom('refused_forwards').select('delivery_id')).limit(limit);
  return tx.deleteFrom('refused_forwards').where('delivery_id', 'in', some).executeTakeFirst();
}

const deliveries = (tx: Tx, number: string, limit: number) =>
  tx.deleteFrom('deliveries').where('id', 'in', deliveriesOf(tx, number).limit(limit)).executeTakeFirst();

/** The newest of all events stays, since readers that are up to date point at it. */
function events(tx: Tx, number: string, limit: number) {
  const newest = tx.selectFrom('events').select(sql<number>`max(id)`.as('id'));
  const some = tx.selectFrom('events').select('id').where('phone_number_id', '=', number).where('id', '<', newest).limit(limit);
  return tx.deleteFrom('events').where('id', 'in', some).executeTakeFirst();
}
