import { Injectable } from '@nestjs/common';
import { apply, awaitsResponse, type Call, errorOf, type Fact, fact } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { EarlyFactsService } from '#calling/call/early-facts.service.js';
import { addresseeOf, PermissionsService } from '#calling/permissions/permissions.service.js';
import { EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import type { Sent } from '#dialog360/exchange.js';
import type { Session } from '#dialog360/fact.js';
import { entryOf } from '#error-catalogue/lookup.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { PeopleService } from '#identity/people.service.js';
import { Clock, SECOND } from '#kernel/clock.js';
import type { Problem } from '#kernel/problem.js';
import { Lines } from '#numbers/lines.js';
import type { Tx } from '#store/store.js';

/** A dial is sent within a few milliseconds of its commit; after so long it is checked again. */
const AT_ONCE_MS = SECOND;

type Connected = Sent<{ wacid: string }>;

/**
 * Sends every dial. A dial is committed before it is sent and never sent twice: after no response the call stays `dialing`
 * with an unknown result until a webhook, joined by `biz_opaque_callback_data`, reports it.
 */
@Injectable()
export class DialService {
  constructor(
    private readonly calls: CallsService,
    private readonly early: EarlyFactsService,
    private readonly people: PeopleService,
    private readonly permissions: PermissionsService,
    private readonly compliance: EligibilityService,
    private readonly lines: Lines,
    private readonly clock: Clock,
  ) {}

  /**
   * Dials a call that is committed as `dialing`.
   * @returns the call, its result unknown after no response
   * @throws Problem as 360dialog refused
   */
  async dial(committed: Call, session: Session): Promise<Call> {
    if (!awaitsResponse(committed)) throw new Error(`call ${committed.id} has no committed dial to send`);
    const person = (await this.people.byKeys([committed])).get(committed.personId);
    if (!person) throw new Error(`call ${committed.id} belongs to no user`);
    const changed = await this.#changedMeanwhile(committed);
    if (changed) return changed;
    const sent = await this.lines.of(committed.phoneNumberId).connect(addresseeOf(person), session, committed.id);
    const call = await this.calls.change(committed, (tx, now) => this.#record(tx, now, sent));
    if (sent.outcome === 'refused') throw sent.problem;
    return call;
  }

  /**
   * A process that stood still after the commit may find that another has given the dial up, or that the call was cancelled: sent now, it
   * would ring for a call that is over. @returns the call as it stands when nothing may be sent
   */
  async #changedMeanwhile(committed: Call): Promise<Call | null> {
    const at = fact(committed.facts, 'dialing')?.at ?? 0;
    if (Math.abs(this.clock.now() - at) < AT_ONCE_MS) return null;
    const call = await this.calls.require(EVERY_NUMBER, committed.id);
    return awaitsResponse(call) && !fact(call.facts, 'hang_up.asked') ? null : call;
  }

  async #record(tx: Tx, before: Call, sent: Connected): Promise<Call> {
    const joined = sent.outcome === 'accepted' ? await this.early.joinOrphan(tx, before, sent.value.wacid) : before;
    if (sent.outcome === 'refused') await this.#recordRefusal(tx, before, sent.problem);
    if (sent.outcome === 'accepted') await this.compliance.recordAction(tx, before.phoneNumberId);
    return this.calls.write(tx, before, apply(joined, this.#resultOf(sent)), { exchange: sent.exchange });
  }

  #resultOf(sent: Connected): Fact {
    const at = this.clock.now();
    if (sent.outcome === 'accepted') return { kind: 'dial.accepted', at, wacid: sent.value.wacid };
    return sent.outcome === 'refused' ? { kind: 'dial.refused', at, error: errorOf(sent.problem) } : { kind: 'dial.lost', at };
  }

  async #recordRefusal(tx: Tx, call: Call, problem: Problem): Promise<void> {
    await this.compliance.recordRefusal(tx, { phoneNumberId: call.phoneNumberId, operation: 'connect', problem, callId: call.id });
    if (entryOf(problem.code)?.kind === 'person') await this.permissions.refused(tx, call, problem);
  }
}
