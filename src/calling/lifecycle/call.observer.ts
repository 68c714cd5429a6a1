import { Injectable, type OnModuleInit } from '@nestjs/common';
import { apply, type Call, type Fact, fact, newCall } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import type { TimelineEntry } from '#calling/call/timeline.service.js';
import { Settings } from '#config/settings.js';
import type { CallFact } from '#dialog360/fact.js';
import { PeopleService } from '#identity/people.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import type { ReceivedFact } from '#inbox/received-fact.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import type { Tx } from '#store/store.js';
import { Log } from '#telemetry/telemetry.module.js';
import { HangUpService } from './hang-up.service.js';
import { toFacts } from './wire-facts.js';

type Told = ReceivedFact<CallFact>;

/** Webhooks about calls: finds the call a fact belongs to, or begins it, and learns. */
@Injectable()
export class CallObserver implements OnModuleInit {
  constructor(
    private readonly inbox: InboxService,
    private readonly calls: CallsService,
    private readonly people: PeopleService,
    private readonly hangUps: HangUpService,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.inbox.on(['call.connect', 'call.status', 'call.terminate', 'call.note'], (tx, received) => this.apply(tx, received));
  }

  async apply(tx: Tx, received: Told): Promise<undefined | (() => void)> {
    const { fact: told } = received;
    const known = await this.#find(tx, received);
    const facts = toFacts(told, received.at);
    if (known) {
      const person = told.contact ? await this.people.told(tx, known.personId, told.contact) : undefined;
      // The merge of two people may have moved the call to the elder one.
      const before = person && person.id !== known.personId ? await this.calls.require(known.id, tx) : known;
      const learnt = facts.reduce<Call>(apply, { ...before, wacid: before.wacid ?? told.wacid });
      const after = await this.calls.write(tx, before, learnt, { person, cause: causeOf(received) });
      return this.#hangUpLater(after);
    }
    if (!facts.length || !told.contact) {
      if (facts.length) this.log.pino.warn({ wacid: told.wacid, kind: told.kind }, 'a call of nobody is kept but cannot be shown');
      return undefined;
    }
    const person = await this.people.named(tx, told.contact, 'wire');
    await this.calls.write(tx, null, this.#begin(person.id, received, facts), { person, cause: causeOf(received) });
    return undefined;
  }

  /** By wacid; else by our own id, which the dial carried; else the one dial to this person whose wacid is not known yet. */
  async #find(tx: Tx, { fact: told, phoneNumberId }: Told): Promise<Call | undefined> {
    const byWacid = await this.calls.find(told.wacid, tx);
    if (byWacid) return byWacid;
    const byOpaque = told.opaque?.startsWith('call_') ? await this.calls.find(told.opaque, tx) : undefined;
    if (byOpaque && byOpaque.wacid === null && byOpaque.phoneNumberId === phoneNumberId) return byOpaque;
    if (told.direction === 'inbound' || !told.contact) return undefined;
    const person = await this.people.named(tx, told.contact, 'wire');
    const live = await this.calls.liveWith(tx, phoneNumberId, person.id);
    return live.find((call) => call.direction === 'outbound' && call.wacid === null && fact(call.facts, 'dialing'));
  }

  /** A call nobody knew: a user's, or one that another app has made from our number. */
  #begin(personId: string, { fact: told, phoneNumberId, at }: Told, facts: Fact[]): Call {
    const direction = told.direction ?? (told.kind === 'call.status' ? 'outbound' : 'inbound');
    const now = this.clock.now();
    const origin = {
      id: newId('call'),
      phoneNumberId,
      personId,
      direction,
      input: null,
      reference: null,
      createdAt: begunAt(told, at, now),
      giveUpAfterMs: null,
    };
    const call = newCall(origin, facts, told.wacid);
    const answerUntil = at + this.settings.deadlines.answerMs;
    // An offer that took longer than the answer window, such as one redelivered hours later, is recorded and never rings.
    return direction === 'inbound' && answerUntil <= now ? apply(call, { kind: 'lapsed', at: answerUntil, state: 'ringing' }) : call;
  }

  /** A hang-up was asked for while the wacid was unknown: now it can be sent. */
  #hangUpLater(call: Call): undefined | (() => void) {
    if (!fact(call.facts, 'hang_up.asked') || this.calls.snapshot(call).derived.state === 'ended') return undefined;
    return () =>
      void this.hangUps.finish(call.id).catch((error) => this.log.pino.warn({ error, call: call.id }, 'a hang-up is tried again later'));
  }
}

function causeOf({ fact: told, receivedAt }: Told): TimelineEntry {
  const { name, data } = describe(told);
  return { at: receivedAt, kind: 'webhook', name, data: { ...data, opaque_returned: told.opaque !== null } };
}

/** As Meta tells it: a delivery that comes hours late tells of a call of that hour. What is still to come is now. */
function begunAt(told: CallFact, at: number, now: number): number {
  const talkedFrom = told.kind === 'call.terminate' ? told.startTime : null;
  return Math.min(at, talkedFrom ?? at, now);
}

/** A webhook as the timeline shows it: everything but SDP, names and numbers. */
function describe(told: CallFact): { name: string; data: object } {
  switch (told.kind) {
    case 'call.connect':
      return {
        name: 'connect',
        data: { sdp_type: told.session?.sdp_type ?? null, sdp_length: told.session?.sdp.length ?? null, direction: told.direction },
      };
    case 'call.status':
      return { name: told.status, data: {} };
    case 'call.terminate':
      return { name: 'terminate', data: { status: told.status, duration: told.durationSeconds, errors: told.errors } };
    case 'call.note':
      return { name: told.event, data: { errors: told.errors } };
  }
}
