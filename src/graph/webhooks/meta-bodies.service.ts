import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CallsService } from '#calling/call/calls.service.js';
import { type CallSnapshot, remoteSession } from '#calling/call/derive.js';
import { MetaEndpointClient } from '#delivery/subscriptions/meta/meta-endpoint.client.js';
import type { Session } from '#dialog360/fact.js';
import type { StoredEvent } from '#events/event.js';
import { Clock } from '#kernel/clock.js';
import { type JsonRecord, record } from '#kernel/read.js';
import { Store } from '#store/store.js';
import { wacidIn, withSession } from './meta-body.js';

const ERASED = 'the person of this webhook was erased';
const OVER = 'the call can no longer be taken';

/** Writes what is posted to subscriptions in Meta's format; a connect with its SDP, and only while that is of use. */
@Injectable()
export class MetaBodiesService implements OnModuleInit {
  /** The subscriptions that want one connect at once share one reading of its call. */
  readonly #running = new Map<StoredEvent, Promise<JsonRecord | string>>();

  constructor(
    private readonly endpoint: MetaEndpointClient,
    private readonly calls: CallsService,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.endpoint.bodies = (event) => this.bodyOf(event);
  }

  /** @returns the body, or why it is not to be posted any more */
  async bodyOf(event: StoredEvent): Promise<JsonRecord | string> {
    const body = record(event.data);
    if (!body) return ERASED;
    // Only a connect perishes.
    if (event.expiresAt === null) return body;
    const running = this.#running.get(event) ?? this.#connect(body).finally(() => this.#running.delete(event));
    this.#running.set(event, running);
    return running;
  }

  async #connect(body: JsonRecord): Promise<JsonRecord | string> {
    const wacid = wacidIn(body);
    const call = wacid === undefined ? undefined : await this.calls.find(wacid, this.store.read);
    const session = call && usableSession(this.calls.snapshot(call), this.clock.now());
    return session ? withSession(body, session) : OVER;
  }
}

/** The other side's SDP while the call can still be taken; of a call of ours, while it lives. */
function usableSession(snapshot: CallSnapshot, now: number): Session | null {
  const { call, derived } = snapshot;
  const isUsable =
    (call.direction === 'outbound' || derived.state === 'ringing') && derived.deadlineAt !== null && derived.deadlineAt > now;
  return isUsable ? remoteSession(snapshot) : null;
}
