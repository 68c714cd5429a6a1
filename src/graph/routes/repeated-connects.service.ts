import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Call } from '#calling/call/call.js';
import { CallsService } from '#calling/call/calls.service.js';
import { CallGatesService } from '#calling/preflight/call-gates.service.js';
import { FeedService } from '#events/feed.service.js';
import type { Callee } from '#identity/callees.service.js';
import { EVERY_NUMBER } from '#identity/numbers/number-reach.js';
import { SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Store } from '#store/store.js';

/** By what a repeated connect is known: its key and the caller's opaque data. */
export type Repetition = Pick<Call, 'connectedBy' | 'callbackData'>;

/**
 * Clients of Meta's shape repeat a connect whose answer they have lost, and send no `Idempotency-Key`. The same key, person and opaque data
 * mean the same call while that call lives.
 */
@Injectable()
export class RepeatedConnectsService {
  /** The longest wait for the id of a call, in ms. */
  waitMs = 2 * SECOND;

  constructor(
    private readonly calls: CallsService,
    private readonly gates: CallGatesService,
    private readonly feed: FeedService,
    private readonly store: Store,
  ) {}

  /** The living call that the same request has begun, once the webhooks kept by now are applied; null when there is none. */
  async living(callee: Callee, repetition: Repetition): Promise<Call | null> {
    if (!(await this.#liveWith(callee, repetition))) return null;
    try {
      await this.gates.refuseCallInProgress(callee.number, callee.person);
    } catch (error) {
      if (error instanceof Problem && error.code === 'call_in_progress') return this.#liveWith(callee, repetition);
      throw error;
    }
    return null;
  }

  /** The call once its wacid is known or it has ended, or else as it stands after the longest wait. Each event of the call is looked at. */
  async settled(id: string): Promise<Call> {
    let changed = Promise.withResolvers<unknown>();
    const stop = this.feed.listen(({ subject }) => {
      if (subject === id) changed.resolve(null);
    });
    const over = new AbortController();
    const end = wait(this.waitMs, 'over', { signal: over.signal, ref: false }).catch(() => 'over');
    try {
      for (;;) {
        changed = Promise.withResolvers();
        const call = await this.calls.require(EVERY_NUMBER, id);
        if (call.wacid !== null || this.calls.snapshot(call).derived.state === 'ended') return call;
        if ((await Promise.race([changed.promise, end])) === 'over') return this.calls.require(EVERY_NUMBER, id);
      }
    } finally {
      stop();
      over.abort();
    }
  }

  async #liveWith({ number, person }: Callee, { connectedBy, callbackData }: Repetition): Promise<Call | null> {
    const living = await this.calls.liveWith(this.store.read, number.phoneNumberId, person.id);
    return living.find((call) => call.connectedBy === connectedBy && call.callbackData === callbackData) ?? null;
  }
}
