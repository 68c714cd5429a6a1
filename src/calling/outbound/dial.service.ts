import { Injectable } from '@nestjs/common';
import { apply, type Call, type Fact } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { addresseeOf, PermissionsService } from '#calling/permissions/permissions.service.js';
import { EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { Sent } from '#dialog360/exchange.js';
import type { Session } from '#dialog360/fact.js';
import { entryOf } from '#error-catalogue/lookup.js';
import { PeopleService } from '#identity/people.service.js';
import { Clock } from '#kernel/clock.js';
import type { Problem } from '#kernel/problem.js';
import { numberLock, Store, type Tx } from '#store/store.js';
import { errorOf } from './call-error.js';

type Connected = Sent<{ wacid: string }>;

/**
 * The one place that dials. A dial is written down before it is made and never made twice: after a lost answer the call
 * stays `dialing` with an unknown outcome until a webhook, joined by `biz_opaque_callback_data`, tells.
 */
@Injectable()
export class DialService {
  constructor(
    private readonly calls: CallsService,
    private readonly people: PeopleService,
    private readonly permissions: PermissionsService,
    private readonly compliance: EligibilityService,
    private readonly dialog360: Dialog360Client,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /**
   * Dials once. `intend` commits the call with its intent to dial; what it throws leaves nothing behind.
   * @returns the call, its outcome unknown if 360dialog's answer was lost
   * @throws Problem as 360dialog refused
   */
  async dial(phoneNumberId: string, session: Session, intend: (tx: Tx) => Promise<Call>): Promise<Call> {
    const intended = await this.store.write(intend, [numberLock(phoneNumberId)]);
    const person = (await this.people.byIds([intended.personId])).get(intended.personId);
    if (!person) throw new Error(`call ${intended.id} belongs to nobody`);
    const sent = await this.dialog360.connect(addresseeOf(person), session, intended.id);
    const call = await this.store.write((tx) => this.#record(tx, intended.id, sent), [numberLock(phoneNumberId)]);
    if (sent.outcome === 'refused') throw sent.problem;
    return call;
  }

  async #record(tx: Tx, id: string, sent: Connected): Promise<Call> {
    const before = await this.calls.require(id, tx);
    const joined = sent.outcome === 'accepted' ? await this.calls.absorb(tx, before, sent.value.wacid) : before;
    if (sent.outcome === 'refused') await this.#remember(tx, before, sent.problem);
    return this.calls.write(tx, before, apply(joined, this.#resultOf(sent)), { exchange: sent.exchange });
  }

  #resultOf(sent: Connected): Fact {
    const at = this.clock.now();
    if (sent.outcome === 'accepted') return { kind: 'dial.accepted', at, wacid: sent.value.wacid };
    return sent.outcome === 'refused' ? { kind: 'dial.refused', at, error: errorOf(sent.problem) } : { kind: 'dial.lost', at };
  }

  async #remember(tx: Tx, call: Call, problem: Problem): Promise<void> {
    await this.compliance.recordRefusal(tx, { phoneNumberId: call.phoneNumberId, operation: 'connect', problem, callId: call.id });
    if (entryOf(problem.code)?.kind === 'person') await this.permissions.refused(tx, call, problem);
  }
}
