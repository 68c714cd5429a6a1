import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import type { StoredEvent } from '#events/event.js';
import { PresenterService } from '#events/presenter.service.js';
import { Clock, rfc3339 } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import type { Json } from '#kernel/read.js';
import { CHALLENGE_TYPE, faultOfAnswer } from '#outbound-http/challenge.js';
import { PostClient } from '#outbound-http/post.client.js';
import { type AttemptResult, succeeded } from '#outbound-http/retry.js';
import type { UrlFault } from '#outbound-http/safe-url.js';
import { signatureHeaders } from '#outbound-http/signature.js';
import { callOf, causeOf, traced, traceHeaders } from '#telemetry/traces.js';
import { MetaEndpointClient, type Post, type SignedBody } from './meta/meta-endpoint.client.js';
import { type Subscription, secretsInForce } from './subscription.js';

const CHALLENGE_BYTES = 32;

/** A URL that is to get events, and the secrets that sign them there. */
export interface Destination extends Pick<Subscription, 'url' | 'phoneNumberId' | 'format' | 'verifyToken'> {
  secrets: readonly string[];
}

/** A test event as it was sent, and the result. */
export interface TestDelivery {
  url: string;
  headers: Record<string, string>;
  body: string;
  result: AttemptResult;
}

/** Posts signed events to the endpoints of subscriptions. */
@Injectable()
export class EndpointClient {
  constructor(
    private readonly presenter: PresenterService,
    private readonly post: PostClient,
    @Inject(Settings) private readonly settings: Pick<Settings, 'eventsChallenge'>,
    private readonly clock: Clock,
    private readonly meta: MetaEndpointClient,
  ) {}

  /**
   * Admits a URL that is allowed as a target and, in Meta's format, answers its handshake or else, with `EVENTS_CHALLENGE`, gives a signed
   * challenge back. At the creation of a subscription the consumer cannot verify that signature yet; the challenge holds nothing that needs
   * protection.
   * @throws Problem `invalid_request` or `endpoint_not_verified`, both name `url`; `secret_unreadable`
   */
  async require({ url, secrets, phoneNumberId, format, verifyToken }: Destination): Promise<void> {
    const fault = await this.post.faultOf(url);
    if (fault !== null) throw new Problem('invalid_request', { errors: aboutUrl(fault) });
    if (format === 'meta') {
      if (verifyToken === null) throw new Problem('secret_unreadable');
      return this.meta.require(url, verifyToken);
    }
    if (!this.settings.eventsChallenge) return;
    const [id, challenge] = [newEventId('verify'), randomBytes(CHALLENGE_BYTES).toString('base64url')];
    const now = this.clock.now();
    const body = Buffer.from(bodyOf(id, CHALLENGE_TYPE, now, phoneNumberId, { challenge }));
    const { result, text } = await this.post.postAndRead(url, signatureHeaders(id, now, body, secrets), body);
    const refusal = faultOfAnswer(result, text, challenge);
    if (refusal !== null) throw new Problem('endpoint_not_verified', { errors: aboutUrl(refusal) });
  }

  /** @throws Problem `invalid_request` that names `format` where Meta's format is off */
  requireMeta(): void {
    this.meta.requireEnabled();
  }

  /**
   * Makes one attempt to deliver an event, as one span, which continues the trace that wrote the event. While traces are on, the
   * endpoint gets a `traceparent` and can continue the trace. The span does not show the URL, which may hold a token.
   * @returns the result, or why the event is of no more use to the consumer, which gets nothing then
   */
  async send(subscription: Subscription, event: StoredEvent): Promise<AttemptResult | string> {
    const post = await (subscription.format === 'meta' ? this.meta.prepare(subscription, event) : this.#prepare(subscription, event));
    if (typeof post === 'string') return post;
    const attributes = { 'wac.event_type': event.type, 'wac.subscription_id': subscription.id, ...callOf(event.subject) };
    return traced(`deliver ${event.type}`, { kind: 'producer', attributes, cause: causeOf(event) }, async (span) => {
      const result = await post(traceHeaders());
      if (result.status !== null) span.set('http.response.status_code', result.status);
      if (!succeeded(result)) span.fail();
      return result;
    });
  }

  async #prepare(subscription: Subscription, event: StoredEvent): Promise<Post> {
    const shown = await this.presenter.present(event, new Set(subscription.scopes));
    const now = this.clock.now();
    const body = Buffer.from(JSON.stringify(shown));
    const signed = signatureHeaders(shown.id, now, body, secretsInForce(subscription, now));
    return (headers) => this.post.post(subscription.url, { ...signed, ...headers }, body);
  }

  /** Makes one attempt with an event of the type `subscription.test`; in Meta's format, with one that holds no element. Nothing of it is kept. */
  async test(subscription: Subscription): Promise<TestDelivery> {
    const { url } = subscription;
    const { headers, body } = subscription.format === 'meta' ? this.meta.test(subscription) : this.#test(subscription);
    return { url, headers, body, result: await this.post.post(url, headers, Buffer.from(body)) };
  }

  #test(subscription: Subscription): SignedBody {
    const { id, phoneNumberId, description } = subscription;
    const now = this.clock.now();
    const eventId = newEventId('test');
    const body = bodyOf(eventId, 'subscription.test', now, phoneNumberId, { id, description });
    return { headers: signatureHeaders(eventId, now, Buffer.from(body), secretsInForce(subscription, now)), body };
  }

  /** Whether attempts are cut because the gateway stops. Their results say nothing about the endpoint. */
  get closed(): boolean {
    return this.post.closed;
  }

  /** Cuts every attempt under way. */
  close(): void {
    this.post.close();
  }
}

/** An event that the outbox does not keep. */
const bodyOf = (id: string, type: string, now: number, phoneNumberId: string | null, data: Json): string =>
  JSON.stringify({ id, type, occurred_at: rfc3339(now), sequence: 1, phone_number_id: phoneNumberId, data });

const newEventId = (kind: 'verify' | 'test'): string => `evt_${kind}_${randomUUID().replaceAll('-', '')}`;

const aboutUrl = (message: UrlFault) => [{ field: 'url', message }];
