import { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { Clock } from '#kernel/clock.js';
import { text } from '#kernel/read.js';
import { notAsked, readSource } from './source-request.client.js';

/** @see https://developers.facebook.com/documentation/business-messaging/whatsapp/messaging-limits (2026-09-11) */
const GRAPH = 'https://graph.facebook.com/v24.0';
const FIELD = 'whatsapp_business_manager_messaging_limit';
const MAX_ANSWER_BYTES = 64 * 1024;

/** Meta's own word on the messaging limit, for owners who have a token of theirs. It only reads; the token goes to Meta alone. */
@Injectable()
export class MetaClient {
  constructor(
    private readonly http: HttpService,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** Whether the owner has given a token and an account. */
  get configured(): boolean {
    return this.settings.meta !== null;
  }

  /**
   * The limit of the portfolio, such as `TIER_2K`; null when Meta leaves it out.
   * @throws Problem `upstream_unavailable`, `upstream_key_rejected`, `upstream_refused` …
   */
  async readLimit(): Promise<string | null> {
    const { meta } = this.settings;
    if (!meta) return notAsked('no Meta credentials');
    const { limit } = await readSource(this.http, {
      url: `${GRAPH}/${encodeURIComponent(meta.wabaId)}?fields=${FIELD}`,
      headers: { Authorization: `Bearer ${meta.accessToken.reveal()}`, Accept: 'application/json' },
      signal: AbortSignal.timeout(this.settings.dialog360.timeoutMs),
      maxContentLength: MAX_ANSWER_BYTES,
      read: (body) => (body.error === undefined ? { limit: text(body[FIELD]) ?? null } : undefined),
      now: () => this.clock.now(),
    });
    return limit;
  }
}
