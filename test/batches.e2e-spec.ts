import { describe, expect, it } from '@jest/globals';
import { InboxWorker } from '#inbox/inbox.worker.js';
import { Store } from '#store/store.js';
import { type Engine, engines } from '#store/temporary-database.fixture.js';
import { raw } from '#store/temporary-store.fixture.js';
import { World } from './world.js';

const METADATA = { display_phone_number: '5215500000001', phone_number_id: '300000000000001' };
const PEOPLE = Array.from({ length: 5 }, (_, i) => ({
  number: `521551234990${i}`,
  userId: `MX.1000000000000990${i}`,
  name: `Persona ${i}`,
}));
const SDP = { sdp_type: 'offer', sdp: 'v=0\r\n' };
const HISTORIES = 4;
const ELEMENTS = 90;

/** A generator of its own, so that a history is the same everywhere. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Deliveries of few people and calls, so that facts of one batch meet: repeated, out of order, by number, by BSUID and by both. */
function historyOf(seed: number, now: number): string[] {
  const random = randomOf(seed);
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;
  const element = (): object => {
    const { number, userId, name } = pick(PEOPLE);
    const timestamp = String(Math.floor(now / 1_000) - random(600));
    const known = pick([{ wa_id: number }, { user_id: userId }, { wa_id: number, user_id: userId }]);
    const from = { ...(known.wa_id ? { from: known.wa_id } : {}), ...(known.user_id ? { from_user_id: known.user_id } : {}) };
    const recipient = {
      ...(known.wa_id ? { recipient_id: known.wa_id } : {}),
      ...(known.user_id ? { recipient_user_id: known.user_id } : {}),
    };
    const contacts = [{ profile: { name }, ...known }];
    const inbound = `wacid.IN.${PEOPLE.findIndex((one) => one.number === number)}.${random(2)}`;
    const outbound = inbound.replace('IN', 'OUT');
    const call = { ...from, to: METADATA.display_phone_number, direction: 'USER_INITIATED', id: inbound, timestamp };
    const wamid = `wamid.${PEOPLE.findIndex((one) => one.number === number)}.${random(3)}`;
    return pick([
      () => ({ contacts, calls: [{ ...call, event: 'connect', session: SDP }] }),
      () => ({
        contacts,
        calls: [{ ...call, event: 'terminate', status: 'COMPLETED', start_time: timestamp, end_time: timestamp, duration: 3 }],
      }),
      () => ({ statuses: [{ id: outbound, type: 'call', status: pick(['RINGING', 'ACCEPTED', 'REJECTED']), timestamp, ...recipient }] }),
      () => ({ contacts, messages: [{ ...from, id: wamid, timestamp, type: 'text', text: { body: 'hola' } }] }),
      () => ({
        contacts,
        messages: [
          {
            ...from,
            id: `${wamid}.yes`,
            timestamp,
            type: 'interactive',
            interactive: {
              type: 'call_permission_reply',
              call_permission_reply: { response: pick(['accept', 'reject']), is_permanent: true, response_source: 'user_action' },
            },
          },
        ],
      }),
      () => ({
        statuses: [
          {
            id: wamid,
            status: pick(['sent', 'delivered', 'read', 'failed']),
            timestamp,
            ...recipient,
            conversation: { id: `conversation.${random(4)}`, origin: { type: pick(['marketing', 'service']) } },
            pricing: { category: 'marketing', billable: true, pricing_model: 'PMP', type: 'regular' },
          },
        ],
      }),
    ])();
  };
  return Array.from({ length: ELEMENTS }, () => {
    const value = { messaging_product: 'whatsapp', metadata: METADATA, ...element() };
    const field = 'calls' in value || ('statuses' in value && JSON.stringify(value).includes('"type":"call"')) ? 'calls' : 'messages';
    return JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '200000000000001', changes: [{ field, value }] }] });
  });
}

type Way = 'one by one' | 'in batches';

/** What a history leaves in the database, with ids of our own replaced by what they stand for. */
async function leftBy(engine: Engine, way: Way, seed: number): Promise<object> {
  const world = await World.open({ engine });
  try {
    const bodies = historyOf(seed, world.clock.now());
    const store = world.app.get(Store);
    if (way === 'one by one') for (const body of bodies) await world.deliver(body);
    else {
      const rows = bodies.map((body) => ({ received_at: world.clock.now(), body: Buffer.from(body), state: 'new' as const, attempts: 0 }));
      await raw(store).insertInto('deliveries').values(rows).execute();
      await world.app.get(InboxWorker).drain();
    }
    return await tablesOf(store);
  } finally {
    await world.close();
  }
}

async function tablesOf({ read }: Store): Promise<object> {
  const people = await read.selectFrom('people').selectAll().execute();
  const nameOf = new Map(people.map(({ id, wa_id, user_id, name }) => [id, `${wa_id} ${user_id} ${name}`]));
  const calls = await read.selectFrom('calls').selectAll().execute();
  const wacidOf = new Map(calls.map(({ id, wacid }) => [id, String(wacid)]));
  const person = <T extends { person_id: string }>({ person_id, ...row }: T) => ({ ...row, person: nameOf.get(person_id) });
  const sorted = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
  const subjectOf = (subject: string) => {
    const [kind, id = ''] = subject.split(':');
    const name = nameOf.get(id) ?? (id.startsWith('usr_') ? 'merged' : id);
    return wacidOf.get(subject) ?? `${kind}:${name}`;
  };
  const events = await read.selectFrom('events').select(['type', 'subject', 'sequence', 'occurred_at']).orderBy('id').execute();
  const timeline = await read.selectFrom('timeline').selectAll().orderBy('id').execute();
  const facts = await read.selectFrom('permission_facts').select(['person_id', 'kind', 'at', 'ref']).execute();
  return {
    people: sorted(people.map(({ id: _, created_at: __, ...row }) => row)),
    addresses: sorted((await read.selectFrom('addresses').selectAll().execute()).map(person)),
    windows: sorted((await read.selectFrom('windows').selectAll().execute()).map(person)),
    calls: sorted(
      calls.map(({ id: _, knowledge, ...row }) => ({ ...person(row), facts: Object.keys(JSON.parse(knowledge).facts).sort() })),
    ),
    timeline: timeline.map(({ call_id, kind, name }) => `${wacidOf.get(call_id)} ${kind} ${name}`),
    facts: sorted(facts.map(person)),
    digests: sorted(await read.selectFrom('conversation_digests').selectAll().execute()),
    buckets: sorted(await read.selectFrom('conversation_buckets').selectAll().execute()),
    seen: (await read.selectFrom('seen').select('key').execute()).length,
    deliveries: (await read.selectFrom('deliveries').select(['state', 'summary']).orderBy('id').execute()).map((row) =>
      JSON.stringify(row),
    ),
    // The order that counts is that of one subject.
    events: Object.fromEntries(
      [...Map.groupBy(events, ({ subject }) => subjectOf(subject))].map(([subject, own]) => [
        subject,
        own.map(({ type, occurred_at }) => `${type} ${occurred_at}`),
      ]),
    ),
  };
}

describe('deliveries that are applied in batches', () => {
  it.each(Array.from({ length: HISTORIES }, (_, seed) => seed + 1))('leave what they leave one by one, history %i', async (seed) => {
    const alone = await leftBy('sqlite', 'one by one', seed);
    for (const engine of engines) expect(await leftBy(engine, 'in batches', seed)).toEqual(alone);
    if (engines.includes('postgres') && seed === 1) expect(await leftBy('postgres', 'one by one', seed)).toEqual(alone);
  });
});
