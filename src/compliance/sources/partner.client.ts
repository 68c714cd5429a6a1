import { setTimeout as wait } from 'node:timers/promises';
import { HttpService } from '@nestjs/axios';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { userAgentOf } from '#config/product.js';
import { Settings } from '#config/settings.js';
import { Pace } from '#dialog360/limits/pace.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import type { JsonRecord } from '#kernel/read.js';
import { type PartnerChannel, type PartnerUsage, readChannels, readUsage } from './partner-usage.js';
import { notAsked, readSource } from './source-request.client.js';

/** @see https://docs.360dialog.com/partner/partner-api/api-reference/balance-and-usage: 5 requests in 30 s */
const MOST_REQUESTS = 5;
const QUOTA_SPAN_MS = 30 * SECOND;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const ATTEMPTS = 2;

type Partner = NonNullable<Settings['partner']>;

/**
 * The only way out to 360dialog's partner API. It only reads, so a request that failed may be repeated once. The partner key
 * goes to the partner's base URL and nowhere else: redirects are not followed.
 */
@Injectable()
export class PartnerClient implements OnModuleDestroy {
  readonly #quota = new Pace(MOST_REQUESTS, QUOTA_SPAN_MS);
  readonly #closing = new AbortController();

  constructor(
    private readonly http: HttpService,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** Whether the owner has given partner credentials. */
  get configured(): boolean {
    return this.settings.partner !== null;
  }

  /**
   * The client's conversations per day (UTC) since `from`, and its balance; days without any may be left out.
   * @throws Problem `upstream_unavailable`, `rate_limited`, `partner_permission_denied` …
   */
  async readUsage(from: number, until: number): Promise<PartnerUsage> {
    const partner = this.#partner();
    const query = new URLSearchParams({
      start_date: String(Math.floor(from / SECOND)),
      end_date: String(Math.floor(until / SECOND)),
      granularity: 'day',
    });
    const path = `/partners/${encodeURIComponent(partner.id)}/clients/${encodeURIComponent(partner.clientId)}/info/balance`;
    return this.#read(partner, `${path}?${query}`, readUsage);
  }

  /**
   * The configured channel, or the client's only one; null when the answer has no such channel.
   * @throws Problem as `readUsage`
   */
  async readChannel(): Promise<PartnerChannel | null> {
    const partner = this.#partner();
    const filters = JSON.stringify(partner.channelId === null ? { client_id: partner.clientId } : { id: partner.channelId });
    const query = new URLSearchParams({ limit: '100', offset: '0', filters });
    const channels = await this.#read(partner, `/partners/${encodeURIComponent(partner.id)}/channels?${query}`, readChannels);
    if (partner.channelId !== null) return channels.find(({ id }) => id === partner.channelId) ?? null;
    return channels.length === 1 ? (channels[0] ?? null) : null;
  }

  /** Ends what waits, so that the process can stop. */
  onModuleDestroy(): void {
    this.#closing.abort();
  }

  #partner(): Partner {
    return this.settings.partner ?? notAsked('no partner credentials');
  }

  async #read<T>(partner: Partner, path: string, read: (answer: JsonRecord) => T | undefined): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#ask(partner, path, read);
      } catch (error) {
        const passing =
          error instanceof Problem &&
          !this.#closing.signal.aborted &&
          (error.code === 'upstream_unavailable' || error.code === 'upstream_error');
        if (!passing || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #ask<T>(partner: Partner, path: string, read: (answer: JsonRecord) => T | undefined): Promise<T> {
    const pause = this.#quota.take(performance.now()) ?? 0;
    if (pause > 0) await wait(pause, undefined, { ref: false, signal: this.#closing.signal }).catch(() => notAsked('closing'));
    return readSource(this.http, {
      url: `${partner.baseUrl}${path}`,
      headers: { 'X-API-Key': partner.apiKey.reveal(), Accept: 'application/json', 'User-Agent': userAgentOf(this.settings.publicUrl) },
      signal: AbortSignal.any([AbortSignal.timeout(this.settings.dialog360.timeoutMs), this.#closing.signal]),
      maxContentLength: MAX_ANSWER_BYTES,
      read,
      now: () => this.clock.now(),
    });
  }
}
