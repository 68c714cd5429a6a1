import { describe, expect, it } from '@jest/globals';
import { engines } from '#store/temporary-database.fixture.js';
import { raw, temporaryStore } from '#store/temporary-store.fixture.js';
import { repairFutureTimes } from './0013-future-times.js';

const NOW = Date.UTC(2026, 10, 29);
const IN_2035 = Date.UTC(2035, 0, 1);
const connected = (at: number) => ({ kind: 'connected', at, session: null });
const ended = (at: number) => ({ kind: 'terminated', at, startTime: at, endTime: at, durationSeconds: 3, failed: false, error: null });

describe.each(engines)('the repair of times in the future on %s', (engine) => {
  it('brings them back to the begin of the call, and changes nothing else', async () => {
    const database = await temporaryStore(engine);
    const store = await database.open();
    const kept = (id: string, live: 0 | 1, facts: object[], deadlineAt: number | null, endedAt: number | null) => ({
      ...{ id, phone_number_id: '1', person_id: 'usr_1', wacid: id, direction: 'inbound' as const, state: live ? 'ringing' : 'ended' },
      ...{ outcome: null, live, input: null, reference: null, sequence: 1, created_at: NOW - 60_000 },
      ...{ deadline_at: deadlineAt, ended_at: endedAt },
      knowledge: JSON.stringify({ facts: Object.fromEntries(facts.map((fact, i) => [String(i), fact])), hold: {}, giveUpAfterMs: null }),
    });
    const rows = [
      kept('call_a', 1, [connected(IN_2035)], IN_2035, null),
      kept('call_b', 0, [connected(NOW - 60_000), ended(IN_2035)], null, IN_2035),
      kept('call_c', 1, [connected(NOW + 60_000), { kind: 'granted', at: NOW, expiresAt: IN_2035, basis: 'reply' }], NOW + 120_000, null),
      kept('call_d', 0, [ended(NOW - 50_000)], null, NOW - 50_000),
    ];
    await store.write((tx) => tx.insertInto('calls').values(rows).execute());
    await repairFutureTimes(raw(store), NOW);
    const after = await store.read.selectFrom('calls').selectAll().orderBy('id').execute();
    expect(after.slice(2)).toEqual(rows.slice(2).map((row) => expect.objectContaining(row)));
    const facts = after.map(({ knowledge }) => Object.values(JSON.parse(knowledge).facts));
    expect(after[0]).toMatchObject({ deadline_at: NOW, ended_at: null });
    expect(facts[0]).toEqual([connected(NOW - 60_000)]);
    expect(after[1]).toMatchObject({ deadline_at: null, ended_at: NOW - 60_000 });
    expect(facts[1]).toEqual([connected(NOW - 60_000), ended(NOW - 60_000)]);
    await database.remove();
  });
});
