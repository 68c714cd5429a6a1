import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { requireUser } from '#api-conventions/user-input.dto.js';
import { CallsService } from '#calling/call/calls.service.js';
import { PermissionsService } from '#calling/permissions/permissions.service.js';
import { templateUserKeys } from '#compliance/conversations/conversation.js';
import { EVERY_NUMBER, type NumberReach, reaches } from '#identity/numbers/number-reach.js';
import { Clock, MINUTE, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import type { Sought } from '#privacy/person/sought.js';
import { type Subject, SubjectsService } from '#privacy/person/subjects.service.js';
import { numberLock, type Reader, Store, type Tx } from '#store/store.js';
import type { Erasure } from './erasure.dto.js';
import { ErasureStore } from './erasure.store.js';
import { NO_ERASURE, sumOfErasures } from './erasure-sum.js';
import { type AnswerId, type EventOffset, SweepStore, type Swept } from './sweep.store.js';

/** A file up to this size is written anew at once, in about two seconds; a larger one at the next start. */
const MOST_BYTES = 128 * 1024 * 1024;
/** Timeout of the wait until deliveries about the person are processed. */
const SETTLE_TIMEOUT_MS = 5 * SECOND;
const RETRY_MS = 100;

interface Found {
  deliveries: Set<number>;
  events: Map<number, EventOffset>;
  answers: Map<string, AnswerId>;
}

/** No person has this id: an unknown one has no rows. */
const NO_ONE = '';

/** Erases a person of a number from every table and from the database file itself: calls, events and counts stay, without a trace of them. */
@Injectable()
export class ErasureService {
  constructor(
    private readonly erasure: ErasureStore,
    private readonly sweep: SweepStore,
    private readonly subjects: SubjectsService,
    private readonly calls: CallsService,
    private readonly permissions: PermissionsService,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /**
   * Erases a person in each number that a principal reaches, also in those that were removed and whose calls are kept. Nothing is erased
   * while a call with them lives in one of these.
   * @throws Problem as `erase`
   */
  async eraseWithin(by: NumberReach, written: string): Promise<Erasure> {
    requireUser(written);
    const kept = await this.subjects.numbers();
    const ids = kept.flatMap(({ phoneNumberId }) => (reaches(by, phoneNumberId) ? phoneNumberId : []));
    // Before the first number is known, texts alone may name the person.
    if (kept.length === 0 && by.numbers === null) return this.erase(null, written);
    for (const id of ids) await this.#settled(id, written);
    let all = NO_ERASURE;
    for (const id of ids) all = sumOfErasures(all, await this.erase(id, written));
    return all;
  }

  /**
   * Erases a person of one number; who they are to other numbers stays.
   * @param phoneNumberId null while no number is known: then no person is, and texts alone are searched
   * @throws Problem `invalid_request` when the text names no user, `user_is_active` while a call with them lives
   */
  async erase(phoneNumberId: string | null, written: string): Promise<Erasure> {
    requireUser(written);
    const found: Found = { deliveries: new Set(), events: new Map(), answers: new Map() };
    const early = await this.#settled(phoneNumberId, written);
    const from = await this.sweep.newest(this.store.read);
    const since = this.clock.now() - 5 * MINUTE;
    // What is old is looked for beside the traffic; under the lock only what has come since.
    await this.#search(this.store.read, early, { deliveries: 0, events: 0 }, 0, found, nextTurn);
    const erased = await this.store.write(
      async (tx) => {
        const subject = await this.subjects.find(phoneNumberId, written, tx);
        await this.#assertIdle(subject, tx);
        await this.#search(tx, subject, from, since, found, async () => undefined);
        await this.#redact(tx, subject, found);
        await this.sweep.deleteEarlyFacts(tx, subject);
        const rows = await this.erasure.erase(tx, subject.person?.id ?? NO_ONE);
        const digests = await this.erasure.deleteDigests(tx, phoneNumberId ?? NO_ONE, templateUserKeys(subject.addresses));
        return { ...rows, conversation_digests: digests };
      },
      phoneNumberId === null ? [] : [numberLock(phoneNumberId)],
      'long',
    );
    this.permissions.forget();
    return {
      numbers: phoneNumberId === null ? [] : [phoneNumberId],
      erased: { ...erased, deliveries: found.deliveries.size, events: found.events.size, answers: found.answers.size },
      compaction: await this.store.compact(MOST_BYTES),
      delivered: await this.erasure.delivered([...found.events.values()]),
      forwarded: found.deliveries.size > 0 && (await this.erasure.isForwarding()),
    };
  }

  /** The person, once every delivery about them is processed. */
  async #settled(phoneNumberId: string | null, written: string): Promise<Subject> {
    for (let waited = 0; ; waited += RETRY_MS) {
      const subject = await this.subjects.find(phoneNumberId, written, this.store.read);
      const late = await this.#assertIdle(subject, this.store.read).then(
        () => null,
        (error: unknown) => error,
      );
      if (late === null) return subject;
      if (!(late instanceof Problem) || late.extra.call !== null || waited >= SETTLE_TIMEOUT_MS) throw late;
      await pause(RETRY_MS);
    }
  }

  async #assertIdle({ person, ...sought }: Subject, reader: Reader): Promise<void> {
    const live = person ? await this.erasure.liveCall(reader, person.id) : null;
    if (live !== null) {
      const call = await this.calls.view(await this.calls.require(EVERY_NUMBER, live, reader), false, reader);
      throw new Problem('user_is_active', { extra: { call } });
    }
    if (await this.sweep.isAwaited(reader, sought)) {
      throw new Problem('user_is_active', { retryAt: this.clock.now() + SETTLE_TIMEOUT_MS, extra: { call: null } });
    }
  }

  async #search(
    reader: Reader,
    { person, ...sought }: Subject,
    from: Swept,
    since: number,
    found: Found,
    yieldTurn: () => Promise<void>,
  ): Promise<void> {
    for (let after: number | null = from.deliveries; after !== null; await yieldTurn()) {
      const page = await this.sweep.deliveries(reader, sought, after);
      for (const id of page.found) found.deliveries.add(id);
      after = page.next;
    }
    const subject = person ? `permission:${person.id}` : null;
    for (let after: number | null = from.events; after !== null; await yieldTurn()) {
      const page = await this.sweep.events(reader, sought, after, subject);
      for (const offset of page.found) found.events.set(offset.id, offset);
      after = page.next;
    }
    for (let after: AnswerId | null | undefined; after !== null; await yieldTurn()) {
      const page = await this.sweep.answers(reader, sought, after ?? null, since);
      for (const id of page.found) found.answers.set(`${id.api_key_id} ${id.key}`, id);
      after = page.next;
    }
  }

  async #redact(tx: Tx, sought: Sought, found: Found): Promise<void> {
    // In their order: another number's erasure takes the same deliveries.
    for (const id of [...found.deliveries].sort((a, b) => a - b)) await this.sweep.redactDelivery(tx, sought, id);
    for (const id of found.events.keys()) await this.sweep.redactEvent(tx, sought.traces, id);
    for (const id of found.answers.values()) await this.sweep.redactAnswer(tx, sought.traces, id);
  }
}
