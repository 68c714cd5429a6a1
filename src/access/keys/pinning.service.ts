import { Injectable } from '@nestjs/common';
import type { Pinning } from '#identity/numbers/second-number.js';
import type { Tx } from '#store/store.js';
import { ApiKeysService } from './api-keys.service.js';

/**
 * What was made while there was one number keeps that number when a second one is added: no client that was written for one receives another's calls.
 * Exempt are the key that `API_KEY` sets and keys with `numbers:admin`, which name a number from then on.
 */
@Injectable()
export class PinningService {
  constructor(private readonly keys: ApiKeysService) {}

  /**
   * Runs in the transaction that adds a number beside another. What reaches all on purpose stays.
   * @param phoneNumberId the number that was there
   */
  pin(tx: Tx, phoneNumberId: string): Promise<Pinning> {
    return this.keys.pin(tx, phoneNumberId);
  }
}
