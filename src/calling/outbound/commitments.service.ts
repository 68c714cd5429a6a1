import { Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import type { Intent } from '#access/idempotency/idempotency.service.js';
import { type BudgetDay, KeyBudgetsService } from '#access/keys/limits/key-budgets.service.js';
import type { Spending } from '#access/keys/limits/key-limits.js';
import type { Call } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { CallGatesService } from '#calling/preflight/call-gates.service.js';
import { type Callee, CalleesService } from '#identity/callees.service.js';
import { numberLock, Store } from '#store/store.js';

/** A call as it is committed, and what its key has spent on the next step. */
export interface Commitment {
  call: Call;
  /** Null where nothing is counted. */
  spent: BudgetDay | null;
}

/** Commits what is about to be sent: the call, the intent of its request and the budget of its key stand or fall together. */
@Injectable()
export class CommitmentsService {
  constructor(
    private readonly callees: CalleesService,
    private readonly calls: CallsService,
    private readonly gates: CallGatesService,
    private readonly budgets: KeyBudgetsService,
    private readonly store: Store,
  ) {}

  /**
   * Commits a call and its intent in one transaction: of two requests at once, one finds the other's call.
   * @param kind what is sent next; null when the call waits
   */
  begin(call: Call, { number, person }: Callee, kind: Spending | null, by: Principal, intent: Intent): Promise<Commitment> {
    return this.store.write(
      async (tx) => {
        await this.callees.assertInUse(number, tx);
        await this.gates.refuseSecondCall(tx, number, person);
        await intent.record(tx, call.id);
        const spent = kind && (await this.budgets.take(tx, by, kind));
        await this.calls.noteCommand(tx, call.id, 'make-call', by.name);
        return { call: await this.calls.write(tx, null, call), spent };
      },
      [numberLock(number.phoneNumberId)],
    );
  }

  /** Commits the dial of a call that waits. @param dialled the call as it then stands @throws Problem what it throws */
  dial(waiting: Call, dialled: (now: Call) => Call, by: Principal, intent: Intent): Promise<Commitment> {
    return this.calls.change(waiting, async (tx, now) => {
      const changed = dialled(now);
      await this.callees.assertInUse(now, tx);
      await intent.record(tx, now.id);
      const spent = await this.budgets.take(tx, by, 'dial');
      return { call: await this.calls.write(tx, now, changed), spent };
    });
  }

  /** Counts a permission request without a call. */
  async ask(number: Callee['number'], by: Principal): Promise<BudgetDay | null> {
    await this.callees.assertInUse(number);
    return this.budgets.takeNow(by, 'ask');
  }

  /** Does what may spend one of these kinds of the key's budget. @throws Problem as `KeyBudgetsService.inTurn` */
  inTurn<T>(by: Principal, kinds: readonly Spending[], work: () => Promise<T>): Promise<T> {
    return this.budgets.inTurn(by, kinds, work);
  }

  /** Sends what is committed; what was refused before it was sent is given back. */
  send<T>(spent: BudgetDay | null, work: () => Promise<T>): Promise<T> {
    return this.budgets.spend(spent, work);
  }
}
