import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Log } from '#telemetry/log.js';
import type { StoredEvent } from './event.js';
import { PresenterService } from './presenter.service.js';

const CONTROL = new Set(['calls:read', 'calls:control'] as const);

describe('the session of an event', () => {
  let presenter: PresenterService;
  const asked: string[] = [];
  beforeEach(() => {
    asked.length = 0;
    presenter = new PresenterService({ pino: { warn: () => undefined } } as unknown as Log);
    presenter.sessions = {
      sessionsOf: async (ids) => {
        asked.push(...ids);
        return new Map(ids.map((id) => [id, 'as it is now']));
      },
      sessionIn: (row) => row,
    };
  });

  const event = (call?: StoredEvent['call']): StoredEvent => ({
    type: 'call.incoming',
    subject: 'call_1',
    sequence: 1,
    phoneNumberId: '1',
    occurredAt: 0,
    expiresAt: null,
    data: {},
    cursor: { xid: 1, id: 1 },
    ...(call && { call }),
  });
  const sessionOf = async (one: StoredEvent) => ((await presenter.present(one, CONTROL)).data as { session: unknown }).session;

  it('is that of the call which was read with it', async () => {
    expect(await sessionOf(event({ row: 'as it was read', readAt: performance.now() }))).toBe('as it was read');
    expect(asked).toEqual([]);
  });

  it('is read with events once somebody was shown one', async () => {
    expect(presenter.hasShownSessions).toBe(false);
    await presenter.present(event(), new Set(['calls:read'] as const));
    expect(presenter.hasShownSessions).toBe(false);
    await sessionOf(event());
    expect(presenter.hasShownSessions).toBe(true);
  });

  it('is read anew for an event that has waited, and for one that was read without its call', async () => {
    expect(await sessionOf(event({ row: 'as it was read', readAt: performance.now() - 501 }))).toBe('as it is now');
    expect(await sessionOf(event())).toBe('as it is now');
    expect(asked).toEqual(['call_1', 'call_1']);
  });
});
