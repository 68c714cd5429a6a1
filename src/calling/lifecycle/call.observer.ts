import { Injectable, type OnModuleInit } from '@nestjs/common';
import { apply, begunAt, type Call, type Fact, fact, newCall, UNKNOWN_PERSON } from '#calling/call/call.js';
import { CallsService, type TimelineEntry } from '#calling/call/calls.service.js';
import { type EarlyFacts, EarlyFactsService } from '#calling/call/early-facts.service.js';
import type { CallFact, Contact, WebhookFact } from '#dialog360/fact.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { PeopleService } from '#identity/people.service.js';
import type { Person, PersonKey } from '#identity/person.js';
import { InboxService } from '#inbox/inbox.service.js';
import type { ReceivedFact } from '#inbox/received-fact.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import type { Tx } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import { mayReportDial, reportsDial } from './echo.js';
import { HangUpService } from './hang-up.service.js';
import { toFacts } from './wire-facts.js';

const KINDS = ['call.connect', 'call.status', 'call.terminate', 'call.note'] as const;

type ReceivedCallFact = ReceivedFact<CallFact>;

/** Applies webhooks about calls: finds the call of a fact, or begins it. */
@Injectable()
export class CallObserver implements OnModuleInit {
  constructor(
    private readonly inbox: InboxService,
    private readonly calls: CallsService,
    private readonly early: EarlyFactsService,
    private readonly people: PeopleService,
    private readonly hangUps: HangUpService,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.inbox.on(KINDS, (tx, received) => this.apply(tx, received));
    this.inbox.beforeBatch([...KINDS, 'permission.reply', 'message.status', 'message.received'], (tx, received) =>
      this.#readAhead(tx, received),
    );
  }

  /** The people of a batch, their calls that have not ended, and the calls that its facts name. */
  async #readAhead(tx: Tx, received: readonly ReceivedFact<Extract<WebhookFact, { contact: Contact | null }>>[]): Promise<void> {
    const ids = received.flatMap(({ fact }) => ('wacid' in fact ? [fact.wacid, fact.opaque ?? []].flat() : []));
    const named = this.calls.readAhead(tx, { ids, people: [] });
    const contacts = received.map(({ phoneNumberId, fact: { contact } }) => ({ phoneNumberId, contact }));
    const [people] = await Promise.all([this.people.readAhead(tx, contacts), named]);
    // Those that are known end without a look at the other calls of their person.
    const known = received.map(async ({ fact }) => 'wacid' in fact && (await this.calls.find(fact.wacid, tx)) !== undefined);
    if ((await Promise.all(known)).every(Boolean)) return;
    await this.calls.readAhead(tx, { ids: [], people });
  }

  /** Applies one fact. @returns what is to be done once it is committed */
  async apply(tx: Tx, received: ReceivedCallFact): Promise<undefined | (() => void)> {
    const { fact: reported, phoneNumberId } = received;
    const now = earlyFactsOf(received);
    const byWacid = await this.calls.find(reported.wacid, tx);
    if (byWacid && byWacid.phoneNumberId !== phoneNumberId) return this.#refuse(reported);
    if (byWacid) return this.#continue(tx, byWacid, reported.wacid, [now]);
    const dialled = await this.#dialled(tx, received);
    const all = [...(await this.early.take(tx, phoneNumberId, reported.wacid)), now];
    if (dialled) return this.#continue(tx, dialled, reported.wacid, all);
    if (saysWhatCall(all)) return this.#begin(tx, phoneNumberId, reported.wacid, all);
    for (const one of all) await this.early.keep(tx, phoneNumberId, reported.wacid, one);
    this.log.pino.info(
      { event: 'calling.call_without_user', wacid: reported.wacid, kind: reported.kind },
      'A webhook does not say whose call it is about; its facts wait for one that names the user',
    );
    return undefined;
  }

  /** Nothing that is said about one number changes a call of another. */
  #refuse({ wacid, kind }: CallFact): undefined {
    this.log.pino.warn(
      { event: 'calling.call_of_another_number', wacid, kind },
      'A webhook about one number names a call of another; it changes nothing',
    );
  }

  /** Our dial without a wacid that the webhook reports: by our own id, which the dial carried; without data, the one dial to this person. */
  async #dialled(tx: Tx, { fact: reported, phoneNumberId, at }: ReceivedCallFact): Promise<Call | undefined> {
    const byOpaque = reported.opaque?.startsWith('call_') ? await this.calls.find(reported.opaque, tx) : undefined;
    if (byOpaque && byOpaque.phoneNumberId === phoneNumberId) {
      const person = (await this.people.byKeys([byOpaque], tx)).get(byOpaque.personId);
      if (reportsDial(byOpaque, person, reported)) return byOpaque;
    }
    if (reported.direction === 'inbound' || !reported.contact) return undefined;
    const person = await this.people.named(tx, phoneNumberId, reported.contact, 'wire', { at });
    const live = await this.calls.liveWith(tx, phoneNumberId, person.id);
    return live.find((call) => mayReportDial(call, reported, at));
  }

  async #continue(tx: Tx, known: Call, wacid: string, reports: readonly EarlyFacts[]): Promise<undefined | (() => void)> {
    const person = await this.#person(tx, known, reports);
    // The merge of two people may have moved the call to the older one.
    const before =
      person && person.id !== known.personId && known.personId !== UNKNOWN_PERSON
        ? await this.calls.require(EVERY_NUMBER, known.id, tx)
        : known;
    const now = { ...before, wacid: before.wacid ?? wacid, personId: person?.id ?? before.personId };
    const after = await this.#write(tx, before, factsOf(reports).reduce<Call>(apply, now), person, reports);
    return this.#hangUpLater(after);
  }

  /** A new call: a user's, or one that another app has made from our number. */
  async #begin(tx: Tx, phoneNumberId: string, wacid: string, reports: readonly EarlyFacts[]): Promise<undefined> {
    const person = await this.#person(tx, { phoneNumberId, personId: UNKNOWN_PERSON }, reports);
    const origin = {
      id: newId('call'),
      phoneNumberId,
      personId: person?.id ?? UNKNOWN_PERSON,
      // Of a call whose direction no webhook has told yet.
      direction: 'inbound' as const,
      input: null,
      reference: null,
      createdAt: this.clock.now(),
      giveUpAfterMs: null,
    };
    const made = newCall(origin, factsOf(reports), wacid);
    const call = { ...made, createdAt: begunAt(made.facts) ?? made.createdAt };
    const { state, deadlineAt } = this.calls.snapshot(call).derived;
    const isLate = call.direction === 'inbound' && state === 'ringing' && deadlineAt !== null && deadlineAt <= this.clock.now();
    // An offer older than the answer window, such as one redelivered hours later, is recorded and never rings.
    await this.#write(tx, null, isLate ? apply(call, { kind: 'lapsed', at: deadlineAt, state }) : call, person, reports);
  }

  /** The person of a call once the reports have named the user; undefined when none does. */
  async #person(tx: Tx, { phoneNumberId, personId: knownId }: PersonKey, reports: readonly EarlyFacts[]): Promise<Person | undefined> {
    let person: Person | undefined;
    for (const { contact, at } of reports) {
      if (!contact) continue;
      const id = person?.id ?? knownId;
      person =
        id === UNKNOWN_PERSON
          ? await this.people.named(tx, phoneNumberId, contact, 'wire', { at })
          : await this.people.identified(tx, { phoneNumberId, personId: id }, contact, { at });
    }
    return person;
  }

  async #write(tx: Tx, before: Call | null, after: Call, person: Person | undefined, reports: readonly EarlyFacts[]): Promise<Call> {
    const rang = fact(after.facts, 'connected');
    // The user's call opens the 24-hour window, also when another webhook than the connect names them.
    if (person && after.direction === 'inbound' && rang && before?.personId !== person.id) {
      await this.people.heard(tx, after.phoneNumberId, person.id, rang.at);
    }
    return this.calls.write(tx, before, after, { person, causes: reports.map(({ cause }) => cause) });
  }

  /** A hang-up that was asked for while the wacid was unknown: it can be sent now. */
  #hangUpLater(call: Call): undefined | (() => void) {
    if (!fact(call.facts, 'hang_up.asked') || this.calls.snapshot(call).derived.state === 'ended') return undefined;
    return () =>
      void this.hangUps
        .finish(call.id)
        .catch((error) =>
          this.log.pino.warn({ event: 'calling.hang_up_failed', error, call: call.id }, 'A hang-up failed; the watchdog retries it'),
        );
  }
}

function causeOf({ fact: reported, receivedAt }: ReceivedCallFact): TimelineEntry {
  const [name, data] = describe(reported);
  return { at: receivedAt, kind: 'webhook', name, data: { ...data, opaque_returned: reported.opaque !== null } };
}

const earlyFactsOf = (received: ReceivedCallFact): EarlyFacts => ({
  facts: toFacts(received.fact, received.at),
  contact: received.fact.contact,
  at: received.at,
  cause: causeOf(received),
});

const factsOf = (reports: readonly EarlyFacts[]): Fact[] => reports.flatMap(({ facts }) => facts);

/** Whether the reports say that there is a call, and with whom. A user's offer says so without a name: it can be accepted. */
function saysWhatCall(reports: readonly EarlyFacts[]): boolean {
  const facts = factsOf(reports);
  const isCall = facts.some(({ kind }) => kind !== 'direction' && kind !== 'cta' && kind !== 'deeplink');
  const isOffer = facts.some((one) => one.kind === 'connected' && one.session?.sdp_type === 'offer');
  return isCall && (isOffer || reports.some(({ contact }) => contact !== null));
}

/** A webhook as the timeline shows it: without SDP, names and numbers. */
function describe(reported: CallFact): [name: string, data: object] {
  switch (reported.kind) {
    case 'call.connect': {
      const { session, direction } = reported;
      return ['connect', { sdp_type: session?.sdp_type ?? null, sdp_length: session?.sdp.length ?? null, direction }];
    }
    case 'call.status':
      return [reported.status, {}];
    case 'call.terminate':
      return ['terminate', { status: reported.status, duration: reported.durationSeconds, errors: reported.errors }];
    case 'call.note':
      return [reported.event, { errors: reported.errors }];
  }
}
