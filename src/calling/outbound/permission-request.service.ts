import { Injectable } from '@nestjs/common';
import { apply, type Call, type Fact } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { addresseeOf, PermissionsService } from '#calling/permissions/permissions.service.js';
import { EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { Sent } from '#dialog360/exchange.js';
import type { Contact } from '#dialog360/fact.js';
import type { TemplateObject } from '#dialog360/wire.js';
import { entryOf } from '#error-catalogue/lookup.js';
import { PeopleService } from '#identity/people.service.js';
import type { Person } from '#identity/person.js';
import { Clock } from '#kernel/clock.js';
import type { Problem } from '#kernel/problem.js';
import { numberLock, Store, type Tx } from '#store/store.js';
import { errorOf } from './call-error.js';

/** The words of a permission request: a body inside the 24-hour window, or an approved template at any time. */
export interface RequestContent {
  body?: string;
  template?: TemplateObject;
}

type Requested = Sent<{ messageId: string; contact: Contact | null }>;

/** Step one: asks a user whether they may be called. Asked means that 360dialog returned a message id, nothing less. */
@Injectable()
export class PermissionRequestService {
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
   * Asks for a call: `intend` commits the call that waits for the answer.
   * @throws Problem as 360dialog refused; the call has then failed
   */
  async askFor(phoneNumberId: string, person: Person, asking: RequestContent, intend: (tx: Tx) => Promise<Call>): Promise<Call> {
    const waiting = await this.store.write(intend, [numberLock(phoneNumberId)]);
    const sent = await this.dialog360.requestPermission(addresseeOf(person), asking);
    const call = await this.store.write((tx) => this.#record(tx, waiting, sent), [numberLock(phoneNumberId)]);
    if (sent.outcome === 'refused') throw sent.problem;
    return call;
  }

  /**
   * Asks without a call.
   * @returns the message id; null when nobody knows whether the request went out
   * @throws Problem as 360dialog refused
   */
  async ask(phoneNumberId: string, person: Person, asking: RequestContent): Promise<string | null> {
    const sent = await this.dialog360.requestPermission(addresseeOf(person), asking);
    const pair = { phoneNumberId, personId: person.id };
    await this.store.write((tx) => this.#remember(tx, pair, sent, null), [numberLock(phoneNumberId)]);
    if (sent.outcome === 'refused') throw sent.problem;
    return sent.outcome === 'accepted' ? sent.value.messageId : null;
  }

  async #record(tx: Tx, waiting: Call, sent: Requested): Promise<Call> {
    await this.#remember(tx, waiting, sent, waiting.id);
    const before = await this.calls.require(waiting.id, tx);
    const at = this.clock.now();
    const result: Fact =
      sent.outcome === 'refused'
        ? { kind: 'request.refused', at, error: errorOf(sent.problem) }
        : { kind: 'asked', at, messageId: sent.outcome === 'accepted' ? sent.value.messageId : null };
    return this.calls.write(tx, before, apply(before, result), { exchange: sent.exchange });
  }

  /** What the ledger and the diagnosis learn; and who Meta says the user is. */
  async #remember(tx: Tx, pair: { phoneNumberId: string; personId: string }, sent: Requested, callId: string | null): Promise<void> {
    if (sent.outcome === 'accepted') {
      await this.permissions.asked(tx, pair, sent.value.messageId);
      if (sent.value.contact) await this.people.told(tx, pair.personId, sent.value.contact);
    }
    if (sent.outcome === 'refused') await this.#refused(tx, pair, sent.problem, callId);
  }

  async #refused(tx: Tx, pair: { phoneNumberId: string; personId: string }, problem: Problem, callId: string | null): Promise<void> {
    await this.compliance.recordRefusal(tx, { phoneNumberId: pair.phoneNumberId, operation: 'request_permission', problem, callId });
    if (entryOf(problem.code)?.kind === 'person') await this.permissions.refused(tx, pair, problem);
  }
}
