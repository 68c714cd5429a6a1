import { describe, expect, it } from '@jest/globals';
import { Problem } from '#kernel/problem.js';
import { PartnerReadsService } from './partner-reads.service.js';

/** What the partner says of clients, as a test lets it. */
function partner() {
  const readAt = new Map<string, number>();
  const read: string[] = [];
  const doors = new Map<string, PromiseWithResolvers<void>>();
  const wanted = (key: string, freshSince: number) => ({
    key,
    freshSince,
    readAt: async () => readAt.get(key) ?? null,
    read: async () => {
      await doors.get(key)?.promise;
      read.push(key);
      readAt.set(key, 100 + read.length);
    },
  });
  return { readAt, read, doors, wanted };
}

describe('readings that numbers share', () => {
  it('are read once for all who want them meanwhile, and not again while they are young', async () => {
    const { read, wanted } = partner();
    const reads = new PartnerReadsService();
    const answers = await Promise.all(Array.from({ length: 50 }, () => reads.refresh(wanted('a', 50))));
    expect([new Set(answers), read]).toEqual([new Set(['read']), ['a']]);
    expect([await reads.refresh(wanted('a', 100)), read.length]).toEqual(['kept', 1]);
    expect([await reads.refresh(wanted('a', 200)), read.length]).toEqual(['read', 2]);
  });

  it('are read the oldest first, and those that never were before all', async () => {
    const { readAt, read, doors, wanted } = partner();
    readAt.set('young', 9);
    readAt.set('old', 1);
    const reads = new PartnerReadsService();
    const door = Promise.withResolvers<void>();
    doors.set('first', door);
    const first = reads.refresh(wanted('first', 50));
    const others = ['young', 'old', 'never'].map((key) => reads.refresh(wanted(key, 50)));
    await Promise.all(['young', 'old', 'never'].map((key) => wanted(key, 0).readAt()));
    door.resolve();
    await Promise.all([first, ...others]);
    expect(read).toEqual(['first', 'never', 'old', 'young']);
  });

  it('that another replica has read while they waited are kept', async () => {
    const { readAt, read, doors, wanted } = partner();
    const reads = new PartnerReadsService();
    const door = Promise.withResolvers<void>();
    doors.set('first', door);
    const first = reads.refresh(wanted('first', 50));
    const second = reads.refresh(wanted('second', 50));
    await wanted('second', 0).readAt();
    readAt.set('second', 60);
    door.resolve();
    expect([await first, await second, read]).toEqual(['read', 'kept', ['first']]);
  });

  it('fail for all who waited, and are tried again for the next', async () => {
    const { wanted } = partner();
    const reads = new PartnerReadsService();
    let failing = true;
    const read = async () => {
      if (failing) throw new Problem('upstream_error');
    };
    const failed = await Promise.allSettled([1, 2].map(() => reads.refresh({ ...wanted('a', 50), read })));
    expect(failed.map((one) => one.status === 'rejected' && one.reason.code)).toEqual(['upstream_error', 'upstream_error']);
    failing = false;
    expect(await reads.refresh({ ...wanted('a', 50), read })).toBe('read');
  });

  it('end with the process', async () => {
    const { doors, wanted } = partner();
    const reads = new PartnerReadsService();
    const door = Promise.withResolvers<void>();
    doors.set('first', door);
    const first = reads.refresh(wanted('first', 50));
    const second = reads.refresh(wanted('second', 50));
    await wanted('second', 0).readAt();
    reads.onModuleDestroy();
    door.resolve();
    await first;
    await expect(second).rejects.toMatchObject({ code: 'upstream_unavailable' });
  });
});
