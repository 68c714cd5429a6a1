import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { type Subscription, secretsInForce } from '#delivery/subscriptions/subscription.js';
import type { StoredEvent } from '#events/event.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import type { JsonRecord } from '#kernel/read.js';
import type { Secret } from '#kernel/secret.js';
import { asciiJson } from '#kernel/text/ascii-json.js';
import { faultOfHandshake, handshakeUrl, hubSignature, makeHubChallenge } from '#outbound-http/hub.js';
import { PostClient } from '#outbound-http/post.client.js';
import { type AttemptResult, isRefusal } from '#outbound-http/retry.js';
import { fieldsOf } from './meta-fields.js';

/** Posts one message; the headers are added to those of the format. */
export type Post = (headers: Readonly<Record<string, string>>) => Promise<AttemptResult>;

/** Writes what is posted of an event. @returns the body, or why it is not to be posted any more */
export type MetaBodies = (event: StoredEvent) => Promise<JsonRecord | string>;

/** A message as it is posted. */
export interface SignedBody {
  headers: Record<string, string>;
  body: string;
}

/** The endpoints of subscriptions in Meta's format: its handshake and its signature. */
@Injectable()
export class MetaEndpointClient {
  /** The module of Meta's shape sets itself as the source at start. */
  bodies: MetaBodies = async () => 'no module writes events in the format of Meta';

  constructor(
    private readonly client: PostClient,
    @Inject(Settings) private readonly settings: Pick<Settings, 'graph'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Admits a URL whose endpoint answers the handshake. Call it for a target that is allowed.
   * @throws Problem `endpoint_not_verified` that names `url`
   */
  async require(url: string, verifyToken: Secret): Promise<void> {
    const challenge = makeHubChallenge(randomInt);
    const { result, text } = await this.client.getAndRead(handshakeUrl(url, verifyToken.reveal(), challenge));
    const refusal = faultOfHandshake(result, text, challenge);
    if (refusal !== null) throw new Problem('endpoint_not_verified', { errors: [{ field: 'url', message: refusal }] });
  }

  /** @throws Problem `invalid_request` that names `format` while the API in Meta's shape is off */
  requireEnabled(): void {
    if (!this.settings.graph.enabled) throw new Problem('invalid_request', { errors: [{ field: 'format', message: NOT_ENABLED }] });
  }

  /** @returns how to post the event, or why it is not to be posted any more */
  async prepare(subscription: Subscription, event: StoredEvent): Promise<Post | string> {
    const body = await this.bodies(event);
    return typeof body === 'string' ? body : (headers) => this.#post(subscription, Buffer.from(asciiJson(body)), headers);
  }

  /** A message of the first field without an element, signed. */
  test(subscription: Subscription): SignedBody {
    const metadata = { display_phone_number: null, phone_number_id: subscription.phoneNumberId };
    const [field] = fieldsOf(subscription.types);
    const change = { field, value: { messaging_product: 'whatsapp', metadata } };
    const body = asciiJson({ object: 'whatsapp_business_account', entry: [{ id: '0', changes: [change] }] });
    const [secret = ''] = secretsInForce(subscription, this.clock.now());
    return { headers: hubSignature(Buffer.from(body), secret), body };
  }

  /** The header has room for one signature: a body that the endpoint refuses is signed with the replaced secret too while that is in force. */
  async #post(subscription: Subscription, body: Buffer, headers: Readonly<Record<string, string>>): Promise<AttemptResult> {
    const [secret = '', previous] = secretsInForce(subscription, this.clock.now());
    const result = await this.client.post(subscription.url, { ...headers, ...hubSignature(body, secret) }, body);
    if (previous === undefined || !isRefusal(result) || result.status === 410) return result;
    return this.client.post(subscription.url, { ...headers, ...hubSignature(body, previous) }, body);
  }
}

const NOT_ENABLED = { en: 'must be standard: meta needs GRAPH_API=true', es: 'debe ser standard: meta requiere GRAPH_API=true' };
