import { Inject, Injectable } from '@nestjs/common';
import { userAgentOf } from '#config/product.js';
import { Settings } from '#config/settings.js';
import { Clock, SECOND } from '#kernel/clock.js';
import type { Secret } from '#kernel/secret.js';
import { PostClient } from '#outbound-http/post.client.js';
import { isRefusal, succeeded } from '#outbound-http/retry.js';
import type { UrlFault } from '#outbound-http/safe-url.js';
import { signatureHeaders } from '#outbound-http/signature.js';
import { failedWith, type SendResult } from './send-faults.js';

const TIMEOUT_MS = 15 * SECOND;
const GONE = 410;

/** Posts reports to endpoints, signed after Standard Webhooks, under the same rules on targets as subscriptions. */
@Injectable()
export class ReportPostClient {
  readonly #post: PostClient;

  constructor(
    @Inject(Settings) { eventsAllowPrivateTargets, publicUrl }: Pick<Settings, 'eventsAllowPrivateTargets' | 'publicUrl'>,
    private readonly clock: Clock,
  ) {
    this.#post = new PostClient({
      reach: eventsAllowPrivateTargets ? 'any' : 'public',
      timeoutMs: TIMEOUT_MS,
      userAgent: userAgentOf(publicUrl),
    });
  }

  /** Why a URL is refused as a target; null when it is not. */
  faultOf(url: string): Promise<UrlFault | null> {
    return this.#post.faultOf(url);
  }

  /** Makes one attempt. It returns faults and throws none. @param id the `webhook-id`, the same on every attempt */
  async send(url: string, id: string, secret: Secret, body: object): Promise<SendResult | { kind: 'gone' }> {
    const bytes = Buffer.from(JSON.stringify(body));
    const result = await this.#post.post(url, signatureHeaders(id, this.clock.now(), bytes, [secret.reveal()]), bytes);
    if (succeeded(result)) return { kind: 'sent' };
    if (this.#post.closed) return { kind: 'cut' };
    if (result.status === null) return failedWith('endpoint_unreachable');
    if (result.status === GONE) return { kind: 'gone' };
    return failedWith(isRefusal(result) ? 'endpoint_refused' : 'endpoint_failing', result.status);
  }

  /** Cuts every attempt under way. */
  close(): void {
    this.#post.close();
  }
}
