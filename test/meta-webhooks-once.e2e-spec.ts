import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import { InboxWorker } from '#inbox/inbox.worker.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import type { MetaConsumer } from './meta-consumer.js';
import { MetaWorld } from './meta-world.js';

const NUMBERS = ['300000000000001', '300000000000002', '300000000000003'];
const ELEMENTS = 1_000;

describe.each(engines)('a thousand elements of three numbers, delivered three times, on %s', (engine) => {
  let meta: MetaWorld;
  beforeEach(async () => {
    meta = await MetaWorld.open(engine);
    const others = NUMBERS.slice(1).map((phone_number_id) => ({
      ...{ phone_number_id, display_phone_number: displayOf(phone_number_id), waba_id: '200000000000001', key_digest: null },
      ...{ learned_at: meta.world.clock.now(), address_scope: phone_number_id, source: 'api' as const },
    }));
    await raw(meta.world.app.get(Store)).insertInto('numbers').values(others).execute();
    await meta.world.app.get(NumbersService).refresh();
  });
  afterEach(() => meta.close());

  /** The n-th element as a change of its own. */
  const change = (n: number) => {
    const number = numberOf(n);
    const user = `52155${String(n).padStart(8, '0')}`;
    const about = { id: `wacid.N${n}`, from: user, to: displayOf(number), timestamp: meta.at(), direction: 'USER_INITIATED' };
    const answer = { response: 'accept', is_permanent: true, response_source: 'user_action' };
    const reply = { type: 'interactive', interactive: { type: 'call_permission_reply', call_permission_reply: answer } };
    const content = [
      { calls: [meta.ringing(`wacid.N${n}`, about)] },
      { statuses: [meta.status(`wacid.N${n}`, user)] },
      { calls: [{ ...about, event: 'terminate', status: 'COMPLETED' }] },
      { messages: [{ from: user, id: `wamid.N${n}`, timestamp: meta.at(), ...reply }] },
    ][n % 4];
    const metadata = { display_phone_number: displayOf(number), phone_number_id: number };
    return { field: n % 4 === 3 ? 'messages' : 'calls', value: { messaging_product: 'whatsapp', metadata, ...content } };
  };
  const deliver = async (changes: readonly object[]) => {
    const body = Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '200000000000001', changes }] }));
    // 360dialog delivers to the path of each number, and each delivery holds what is of the others.
    for (const number of NUMBERS) await meta.world.app.get(InboxService).keep(body, number);
    await meta.world.app.get(InboxWorker).drain();
  };

  it('are heard once each by each consumer of their number', async () => {
    const [every, ...ofOne] = [
      await meta.consumer(),
      await meta.consumer(),
      await meta.consumer(),
      await meta.consumer(),
    ] as MetaConsumer[];
    await meta.subscribe(every as MetaConsumer);
    for (const [index, one] of ofOne.entries()) await meta.subscribe(one, { phone_number_id: NUMBERS[index] });
    const changes = Array.from({ length: ELEMENTS }, (_, n) => change(n));
    for (let seed = 1; seed <= 3; seed += 1) await deliver(shuffled(changes, seed));
    await meta.flush();
    const idsOf = ({ got }: MetaConsumer) => got.map(({ value }) => (value.calls ?? value.statuses ?? value.messages)[0].id).sort();
    const wanted = (of: (n: number) => boolean) => Array.from({ length: ELEMENTS }, (_, n) => n).filter(of);
    const ids = (numbers: number[]) => numbers.map((n) => (n % 4 === 3 ? `wamid.N${n}` : `wacid.N${n}`)).sort();
    expect(idsOf(every as MetaConsumer)).toEqual(ids(wanted(() => true)));
    for (const [index, one] of ofOne.entries()) {
      expect(idsOf(one)).toEqual(ids(wanted((n) => numberOf(n) === NUMBERS[index])));
      expect(new Set(one.got.map(({ value }) => value.metadata.phone_number_id))).toEqual(new Set([NUMBERS[index]]));
    }
    const each = (every as MetaConsumer).got.map(({ body }) => [
      body.entry.length,
      body.entry[0].changes.length,
      body.entry[0].changes[0].value.contacts.length,
    ]);
    expect(each).toEqual(Array(ELEMENTS).fill([1, 1, 1]));
  });
});

const numberOf = (n: number): string => NUMBERS[n % NUMBERS.length] as string;
const displayOf = (number: string): string => `521550000000${number.slice(-1)}`;

/** The same in another order, which the seed alone decides. */
function shuffled<T>(all: readonly T[], seed: number): T[] {
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state;
  };
  return all
    .map((item) => ({ item, at: next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
