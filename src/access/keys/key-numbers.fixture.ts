import type { IdempotencyService } from '#access/idempotency/idempotency.service.js';
import type { NumbersService } from '#identity/numbers/numbers.service.js';
import type { ApiKeysStore } from './api-keys.store.js';
import { KeyNumbersService } from './key-numbers.service.js';

/** For a gateway with one number. */
export const keysOfOneNumber = (keys: ApiKeysStore): KeyNumbersService =>
  new KeyNumbersService(
    keys,
    { count: async () => 1 } as unknown as NumbersService,
    {
      disown: async () => undefined,
    } as unknown as IdempotencyService,
  );
