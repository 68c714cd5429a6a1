import { describe, expect, it } from '@jest/globals';
import type { DeliveryProcessor } from '#inbox/delivery-processor.js';
import { StoppedClock } from '#store/temporary-store.fixture.js';
import { GroupCommit } from './group-commit.js';
import { Intakes } from './intakes.js';
import { Overloads } from './overloads.service.js';

const [A, B] = ['300000000000001', '300000000000002'];
const MIB = 1_048_576;
/** The same bytes each time: what is queued counts, not what the test has in memory. */
const LARGE = Buffer.alloc(3 * MIB);

describe('the bodies of all numbers that wait for the database', () => {
  const open = () => {
    const away = Promise.withResolvers<void>();
    const processor = { processInline: async () => false, applyKept: async () => undefined } as unknown as DeliveryProcessor;
    const intakes = new Intakes(
      { commits: new GroupCommit(() => away.promise), processor, committed: () => undefined },
      new Overloads(new StoppedClock()),
    );
    const keep = (phoneNumberId: string, body: Buffer) =>
      intakes.keep({ phoneNumberId, receivedAt: 0, body }).then(
        () => 'kept',
        ({ code }) => code as string,
      );
    return { away, keep };
  };
  const countOf = (answers: readonly string[], answer: string) => answers.filter((one) => one === answer).length;

  it('are bounded together: who has sent most is refused, and a quiet number is not', async () => {
    const { away, keep } = open();
    const flood = Array.from({ length: 200 }, () => keep(A, LARGE));
    const quiet = Array.from({ length: 100 }, () => keep(B, Buffer.from('{}')));
    away.resolve();
    const answers = await Promise.all(flood);
    expect([countOf(answers, 'kept'), countOf(answers, 'inbox_full')]).toEqual([86, 114]);
    expect(countOf(await Promise.all(quiet), 'kept')).toBe(100);
  });

  it('are taken again once those before are durable, or were refused', async () => {
    const { away, keep } = open();
    const before = Array.from({ length: 90 }, () => keep(A, LARGE));
    away.reject(new Error('the database is away'));
    expect(countOf(await Promise.all(before), 'store_unavailable')).toBe(86);
    const again = open();
    again.away.resolve();
    for (let n = 0; n < 200; n += 1) expect(await again.keep(A, LARGE)).toBe('kept');
  });
});
