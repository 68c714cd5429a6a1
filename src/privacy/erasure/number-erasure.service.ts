import { Injectable } from '@nestjs/common';
import { PermissionsService } from '#calling/permissions/permissions.service.js';
import { Store } from '#store/store.js';
import { NumberErasureStore } from './number-erasure.store.js';

/** Deletes everything that is kept about a number that is being removed: calls, people, reports, deliveries, events. Audit lines stay. */
@Injectable()
export class NumberErasureService {
  constructor(
    private readonly rows: NumberErasureStore,
    private readonly permissions: PermissionsService,
    private readonly store: Store,
  ) {}

  /** It can be cut off and run again. */
  async erase(phoneNumberId: string): Promise<void> {
    for (const { locks, run } of this.rows.steps(phoneNumberId)) await this.store.inBatches(run, locks);
    this.permissions.forget();
  }
}
