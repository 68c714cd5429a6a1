import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { DeliveriesService } from '#delivery/subscriptions/deliveries.service.js';
import { addressTimes } from '#store/migrations/0014-addresses.js';
import { World } from './world.js';

/** Tables that grow with every call. */
const GROWING = 'deliveries|seen|events|calls|timeline|people|addresses|windows|permission_facts|dispatches';
/** Of the index on what still waits, all is read. */
const WAITING = /INDEX (deliveries_new|calls_deadline|dispatches_due)\b/;
/** Nothing is looked for: the end of an index is read, however long it is. */
const NEWEST = /<- select [^?]* desc limit \?$/;
/** All rows, or all of one writing transaction, which on SQLite are all. */
const ALL_ROWS = new RegExp(`SCAN (${GROWING})\\b|SEARCH (${GROWING}) USING .*\\(xid[=>]\\?\\)`);

const NUMBER = { display_phone_number: '5215500000001', phone_number_id: '300000000000001' };

describe('the SQL of a call that comes and goes', () => {
  it('reads no table from its beginning, so that a long log costs no more than a short one', async () => {
    const texts = new Set<string>();
    const prepare = Database.prototype.prepare;
    Database.prototype.prepare = function (this: Database.Database, text: string) {
      texts.add(text);
      return prepare.call(this, text);
    } as typeof prepare;
    const world = await World.open();
    try {
      await world.post('/api/subscriptions', { url: 'https://consumer.example/hook', types: ['settings.updated'] });
      await deliver(world, { event: 'connect', session: { sdp_type: 'offer', sdp: 'v=0\r\n' } });
      await deliver(world, { event: 'terminate', status: 'COMPLETED' });
      await world.pass(3);
      await world.app.get(DeliveriesService).flush();
      expect(await world.call('wacid.PLAN')).toMatchObject({ state: 'ended' });
      const database = new Database((world.database as { path: string }).path, { readonly: true });
      // A migration reads every row, once.
      for (const statement of addressTimes) texts.delete(statement);
      const plans = [...texts].filter((text) => /^(select|update|delete|insert|with)\b/.test(text)).map((text) => planOf(database, text));
      database.close();
      expect(plans.length).toBeGreaterThan(15);
      expect(plans.filter((plan) => ALL_ROWS.test(plan) && !WAITING.test(plan) && !NEWEST.test(plan))).toEqual([]);
    } finally {
      Database.prototype.prepare = prepare;
      await world.close();
    }
  });
});

function planOf(database: Database.Database, text: string): string {
  const bound = text.match(/\?/g)?.length ?? 0;
  const rows = database
    .prepare<unknown[], { detail: string }>(`explain query plan ${text}`)
    .all(...Array.from({ length: bound }, () => null));
  return `${rows.map(({ detail }) => detail).join(' | ')} <- ${text}`;
}

async function deliver(world: World, call: object): Promise<void> {
  const timestamp = String(Math.floor(world.clock.now() / 1_000));
  const told = {
    id: 'wacid.PLAN',
    from: '5215512347777',
    to: NUMBER.display_phone_number,
    direction: 'USER_INITIATED',
    timestamp,
    ...call,
  };
  const value = { messaging_product: 'whatsapp', metadata: NUMBER, contacts: [{ wa_id: '5215512347777' }], calls: [told] };
  const body = { object: 'whatsapp_business_account', entry: [{ id: '200000000000001', changes: [{ field: 'calls', value }] }] };
  expect(await world.deliver(body)).toBe(200);
}
