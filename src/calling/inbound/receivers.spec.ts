import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Settings } from '#config/settings.js';
import { businessNumber } from '#identity/numbers/business-number.fixture.js';
import type { NumbersService } from '#identity/numbers/numbers.service.js';
import { sha256 } from '#kernel/secret.js';
import { SILENT_LOG } from '#telemetry/log.fixture.js';
import { ReceiversService } from './receivers.service.js';

const B = '300000000000002';

describe('the token before', () => {
  const webhookTokenDigests = [sha256('new'), sha256('before')];
  const number = businessNumber({ phoneNumberId: B, source: 'api', webhookTokenDigests });

  const receivers = (newTokenSeen: () => Promise<void>) => {
    const numbers = {
      environment: null,
      byId: () => number,
      ofKnownToken: (digest: string) => (webhookTokenDigests.includes(digest) ? number : null),
      newTokenSeen,
    } as unknown as NumbersService;
    return new ReceiversService(numbers, {} as Settings, SILENT_LOG);
  };

  it('is ended once, however many deliveries carry the new one meanwhile', async () => {
    const ending = Promise.withResolvers<void>();
    let asked = 0;
    const service = receivers(() => {
      asked += 1;
      return ending.promise;
    });
    for (let n = 0; n < 500; n += 1) service.known('new', B)?.seen?.();
    expect(service.known('before', B)?.seen).toBeNull();
    expect(asked).toBe(1);
    ending.resolve();
    await setImmediate();
    service.known('new', B)?.seen?.();
    expect(asked).toBe(2);
  });

  it('is ended by the next delivery when the database was away', async () => {
    let asked = 0;
    const service = receivers(async () => {
      asked += 1;
      throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    });
    service.known('new', B)?.seen?.();
    await setImmediate();
    service.known('new', B)?.seen?.();
    expect(asked).toBe(2);
  });
});
