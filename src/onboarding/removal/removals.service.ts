import { Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import { requireScopes } from '#access/authorization/require-scopes.js';
import { type BusinessNumber, readRemoval } from '#identity/numbers/business-number.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { NumberEventsService } from '../number-events.service.js';
import { refuseEnvironment } from '../webhook/registrations.service.js';
import { RemovalJob } from './removal.job.js';

/** Begins the removal of numbers; the job carries it on, in whichever replica. */
@Injectable()
export class RemovalsService {
  constructor(
    private readonly numbers: NumbersService,
    private readonly events: NumberEventsService,
    private readonly job: RemovalJob,
    private readonly clock: Clock,
  ) {}

  /**
   * From now on the number takes no new calls. Asked again, it changes only whether its calls go with it, never back.
   * @returns the number as it is being removed
   * @throws Problem `environment_number`, `insufficient_scope`
   */
  async begin(number: BusinessNumber, by: Principal, erases: boolean): Promise<BusinessNumber> {
    const { phoneNumberId } = number;
    refuseEnvironment(number);
    if (erases) requireScopes(by, ['data:erase']);
    await this.numbers.alter(phoneNumberId, async (tx, row) => {
      if (row.state !== 'removing') await this.events.changed(tx, { ...row, state: 'removing' }, ['state']);
      const before = row.state === 'removing' ? readRemoval(row.removal) : null;
      const removal = { since: before?.since ?? this.clock.now(), erases: erases || before?.erases === true };
      return { change: { state: 'removing', removal: JSON.stringify(removal) }, result: undefined };
    });
    const removing = this.numbers.byId(phoneNumberId);
    if (!removing) throw new Problem('not_found');
    this.job.wake();
    return removing;
  }
}
