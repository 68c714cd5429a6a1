import { Injectable } from '@nestjs/common';
import { apply, type Call, errorOf, type Fact } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { addresseeOf, type Pair, PermissionsService } from '#calling/permissions/permissions.service.js';
import { EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import type { Sent } from '#dialog360/exchange.js';
import type { Contact } from '#dialog360/fact.js';
import { entryOf } from '#error-catalogue/lookup.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { PeopleService } from '#identity/people.service.js';
import type { Person } from '#identity/person.js';
import { Clock } from '#kernel/clock.js';
import { Lines } from '#numbers/lines.js';
import { numberLock, Store, type Tx } from '#store/store.js';
import type { RequestContent } from './request-content.js';

type Requested = Sent<{ messageId: string; contact: Contact | null }>;

/** Asks a user for permission to call them. A request counts as sent only once 360dialog has returned a message id. */
@Injectable()
export class PermissionRequestService {
  constructor(
    private readonly calls: CallsService,
    private readonly people: PeopleService,
    private readonly permissions: PermissionsService,
    private readonly compliance: EligibilityService,
    private readonly lines: Lines,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /**
   * Asks for a committed call, which waits for the user's reply.
   * @throws Problem as 360dialog refused; the call has then failed
   */
  async askFor(waiting: Call, person: Person, content: RequestContent): Promise<Call> {
    const sent = await this.lines.of(waiting.phoneNumberId).requestPermission(addresseeOf(person), content);
    const call = await this.calls.change(waiting, async (tx, before) => {
      await this.#record(tx, waiting, waiting.id, sent);
      const now = await this.calls.require(EVERY_NUMBER, before.id, tx);
      return this.calls.write(tx, now, apply(now, this.#resultOf(sent)), { exchange: sent.exchange });
    });
    if (sent.outcome === 'refused') throw sent.problem;
    return call;
  }

  /**
   * Asks without a call.
   * @returns the message id; null after no response, when it is unknown whether the request was sent
   * @throws Problem as 360dialog refused
   */
  async ask(phoneNumberId: string, person: Person, content: RequestContent): Promise<string | null> {
    const sent = await this.lines.of(phoneNumberId).requestPermission(addresseeOf(person), content);
    await this.store.write((tx) => this.#record(tx, { phoneNumberId, personId: person.id }, null, sent), [numberLock(phoneNumberId)]);
    if (sent.outcome === 'refused') throw sent.problem;
    return sent.outcome === 'accepted' ? sent.value.messageId : null;
  }

  #resultOf(sent: Requested): Fact {
    const at = this.clock.now();
    if (sent.outcome === 'refused') return { kind: 'request.refused', at, error: errorOf(sent.problem) };
    return { kind: 'asked', at, messageId: sent.outcome === 'accepted' ? sent.value.messageId : null };
  }

  /** Records the result in the ledger and the diagnosis, and the identifiers that Meta returned for the user. */
  async #record(tx: Tx, pair: Pair, callId: string | null, sent: Requested): Promise<void> {
    if (sent.outcome === 'accepted') {
      await this.permissions.asked(tx, pair, sent.value.messageId);
      const { contact } = sent.value;
      if (contact) await this.people.identified(tx, pair, contact, { at: this.clock.now(), equates: true });
    }
    if (sent.outcome === 'refused') {
      const { problem } = sent;
      await this.compliance.recordRefusal(tx, { phoneNumberId: pair.phoneNumberId, operation: 'request_permission', problem, callId });
      if (entryOf(problem.code)?.kind === 'person') await this.permissions.refused(tx, pair, problem);
    }
  }
}
