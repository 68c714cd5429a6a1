import { Injectable } from '@nestjs/common';
import { CallsService } from '#calling/call/calls.service.js';
import { numberRefusal, PermissionsService } from '#calling/permissions/permissions.service.js';
import { refusalOf } from '#compliance/eligibility/eligibility.js';
import { EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import type { Person } from '#identity/person.js';
import { InboxService } from '#inbox/inbox.service.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { type Reader, Store } from '#store/store.js';
import { type NextStep, nextStep } from './next-step.js';
import type { Survey } from './preflight.js';

/** The longest wait for webhooks that are kept and not yet applied, before a dial is refused. */
const WEBHOOKS_TIMEOUT_MS = SECOND;

/** The gates before a dial, in their one order: call in progress, the number, the person's permission, asking. */
@Injectable()
export class CallGatesService {
  constructor(
    private readonly calls: CallsService,
    private readonly compliance: EligibilityService,
    private readonly permissions: PermissionsService,
    private readonly inbox: InboxService,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /**
   * Refuses as `refuseSecondCall`, but only once the webhooks kept by now are applied: the person may have hung up just before.
   * @throws Problem `call_in_progress` with that call in `call`
   */
  async refuseCallInProgress(number: OurNumber, person: Person): Promise<void> {
    const [live] = await this.calls.liveWith(this.store.read, number.phoneNumberId, person.id);
    if (!live) return;
    await this.inbox.applied(number.phoneNumberId, WEBHOOKS_TIMEOUT_MS);
    await this.refuseSecondCall(this.store.read, number, person);
  }

  /**
   * One live or waiting call per person and number.
   * @throws Problem `call_in_progress` with that call in `call`
   */
  async refuseSecondCall(reader: Reader, number: OurNumber, person: Person): Promise<void> {
    const [live] = await this.calls.liveWith(reader, number.phoneNumberId, person.id);
    if (live) throw new Problem('call_in_progress', { extra: { call: await this.calls.view(live, false, reader) } });
  }

  /** The next step towards a call with this person. @throws Problem for a reason of the number */
  async step(number: OurNumber, person: Person, wish: { hasOffer: boolean; mayAskUser: boolean; hasTemplate: boolean }): Promise<NextStep> {
    await this.compliance.assertMayDial(number);
    const step = nextStep({ ...(await this.permissions.status(number, person)), ...wish });
    if (step.do === 'ask') await this.compliance.assertRepliesArrive(number);
    return step;
  }

  /** Refuses a request that may not be sent now, also to a person with a permission. @throws Problem with the gate's code */
  async assertMayAsk(number: OurNumber, person: Person, hasTemplate: boolean): Promise<void> {
    await this.compliance.assertMayDial(number);
    await this.compliance.assertRepliesArrive(number);
    const status = await this.permissions.status(number, person);
    if (status.ask.verdict === 'fail') throw new Problem(status.ask.code, { retryAt: status.ask.until });
    if (status.ask.verdict === 'unknown') throw new Problem('upstream_unavailable');
    if (status.window === 'closed' && !hasTemplate) throw new Problem('window_closed');
  }

  /** The evidence of all gates, to be shown. Reads only. */
  async survey(number: OurNumber, person: Person): Promise<Survey> {
    const [[live], { outbound }, ledger] = await Promise.all([
      this.calls.liveWith(this.store.read, number.phoneNumberId, person.id),
      this.compliance.gates(number),
      this.permissions.ledger(number, person),
    ]);
    // With a refused key a dial is still tried; it fails with that refusal.
    const blockedBy = refusalOf(outbound) ?? outbound.gates.find(({ verdict }) => verdict === 'fail') ?? null;
    const surveyed = { ...ledger, refusal: numberRefusal(ledger) };
    return { liveCallId: live?.id ?? null, number: outbound, blockedBy, person: surveyed, now: this.clock.now() };
  }
}
