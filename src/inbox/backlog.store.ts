import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Store } from '#store/store.js';

/** What waits of one number. */
export interface Backlog {
  /** Empty for deliveries of which no number is known. */
  phoneNumberId: string;
  pending: number;
}

/** One jump through the index for each number, as `waiting_numbers()` does on Postgres. */
const WAITING_NUMBERS = sql<{ number: string }>`(with recursive found(number) as (
  select min(phone_number_id) from deliveries where state = 'new'
  union all
  select (select min(phone_number_id) from deliveries where state = 'new' and phone_number_id > found.number)
  from found where found.number is not null)
  select number from found where number is not null)`;

/** What waits to be applied, from the index of waiting deliveries alone. */
@Injectable()
export class BacklogStore {
  constructor(private readonly store: Store) {}

  /** The numbers of which deliveries wait; null stands for those of which none is known. */
  async waitingNumbers(): Promise<(string | null)[]> {
    const numbers = this.store.engine === 'postgres' ? sql<{ number: string }>`waiting_numbers()` : WAITING_NUMBERS;
    const waiting = this.store.read.selectFrom(numbers.as('waiting')).select('number');
    return (await waiting.execute()).map(({ number }) => number || null);
  }

  /** The numbers of which deliveries wait, and when the oldest delivery of all was received, in ms since 1970; null without any. */
  async backlogs(): Promise<{ numbers: Backlog[]; oldestAt: number | null }> {
    const rows = await this.store.read
      .selectFrom('deliveries')
      .select(({ fn }) => ['phone_number_id', fn.countAll<number>().as('pending'), fn.min('id').as('first')])
      .where('state', '=', sql.lit('new' as const))
      .groupBy('phone_number_id')
      .execute();
    if (rows.length === 0) return { numbers: [], oldestAt: null };
    const first = this.store.read.selectFrom('deliveries').select(({ fn }) => fn.min('received_at').as('at'));
    const oldest = await first
      .where(
        'id',
        'in',
        rows.map((row) => Number(row.first)),
      )
      .executeTakeFirst();
    const numbers = rows.map(({ phone_number_id, pending }) => ({ phoneNumberId: phone_number_id, pending: Number(pending) }));
    return { numbers, oldestAt: oldest?.at ?? null };
  }
}
