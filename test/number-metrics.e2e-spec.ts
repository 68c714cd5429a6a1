import { describe, expect, it } from '@jest/globals';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { NumberMetricsService } from '#inbox/number-metrics.service.js';
import { Store } from '#store/store.js';
import { engines } from '#store/temporary-database.fixture.js';
import { FIRST } from './second-number.js';
import { World } from './world.js';

const id = (n: number): string => String(310_000_000_000_000 + n);

describe.each(engines)('the metrics of numbers on %s', (engine) => {
  const measured = async (env: Record<string, string>, count: number): Promise<string> => {
    const world = await World.open({ engine, env });
    const at = world.clock.now();
    await world.app.get(Store).write(async (tx) => {
      for (let n = 0; n < count; n += 1) {
        const state = n === 0 ? 'paused' : 'active';
        const row = {
          phone_number_id: id(n),
          learned_at: at + 1 + n,
          source: 'api' as const,
          state: state as 'paused',
          key_rejected_at: n < 2 ? at : null,
        };
        await tx
          .insertInto('numbers')
          .values({ ...row, address_scope: id(n), display_phone_number: null, waba_id: null, key_digest: null })
          .execute();
      }
      for (const [phone_number_id, waiting] of [
        [id(0), 3],
        [id(1), 5],
      ] as const)
        for (let n = 0; n < waiting; n += 1)
          await tx
            .insertInto('deliveries')
            .values({ phone_number_id, received_at: at - 20_000 + n, body: Buffer.from('{}'), state: 'new', attempts: 0, summary: null })
            .execute();
    });
    await world.app.get(NumbersService).refresh();
    await world.app.get(NumberMetricsService).measure();
    const { body } = await world.get('/metrics');
    await world.close();
    return body as string;
  };

  it('have no number as a label, and tell of the worst', async () => {
    const text = await measured({}, 3);
    const found = Object.fromEntries(
      text
        .split('\n')
        .flatMap((line) => [/^(wac_(?:numbers|inbox_worst)\S*) (\S+)$/.exec(line)?.slice(1) ?? []])
        .filter((pair) => pair.length > 0),
    );
    expect(found).toEqual({
      'wac_numbers{state="active"}': '3',
      'wac_numbers{state="paused"}': '1',
      'wac_numbers{state="removing"}': '0',
      wac_numbers_key_rejected: '2',
      wac_inbox_worst_pending: '5',
      wac_inbox_worst_age_seconds: '20',
    });
    expect([text.includes(FIRST), text.includes(id(1))]).toEqual([false, false]);
  });

  it('have it for the first 50 numbers when the owner asks for that', async () => {
    const text = await measured({ METRICS_PER_NUMBER: 'true' }, 60);
    expect(text.match(/^wac_number_inbox_pending\{/gm)).toHaveLength(50);
    expect(text).toContain(`wac_number_inbox_pending{phone_number_id="${id(1)}"} 5`);
    expect(text).toContain(`wac_number_key_rejected{phone_number_id="${id(0)}"} 1`);
    expect(text.includes(id(55))).toBe(false);
  });
});
