import { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { userAgentOf } from '#config/product.js';
import { Settings } from '#config/settings.js';
import { Clock, SECOND } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import type { JsonRecord } from '#kernel/read.js';
import { PartnerBudget, type PartnerUrgency } from './partner-budget.service.js';
import {
  type ChannelKey,
  type ChannelPage,
  type PartnerChannel,
  type PartnerUsage,
  readChannelKey,
  readChannelPage,
  readUsage,
} from './partner-usage.js';
import { notAsked, readSource } from './source-request.client.js';

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const ATTEMPTS = 2;
const PAGE = 100;
/** More channels than any partner has; a list that never ends is not read for ever. */
const MOST_PAGES = 50;

type Partner = NonNullable<Settings['partner']>;

/** One request: what is read of its answer, and how it is asked. */
interface PartnerRequest<T> {
  path: string;
  /** What it asks for, for the budget. */
  subject: string;
  urgency: PartnerUrgency;
  read: (answer: JsonRecord) => T | undefined;
}

/**
 * The only way out to 360dialog's partner API, at most five requests in 30 s (`PartnerBudget`). What only reads may be repeated once; a key is made once.
 * The partner key goes to the partner's base URL and nowhere else: redirects are not followed.
 */
@Injectable()
export class PartnerClient {
  constructor(
    private readonly http: HttpService,
    private readonly settings: Settings,
    private readonly clock: Clock,
    private readonly budget: PartnerBudget,
  ) {}

  /** Whether the owner has given partner credentials. */
  get configured(): boolean {
    return this.settings.partner !== null;
  }

  /** The client and the channel of the environment's number, as configured; null for what is not. */
  get own(): { clientId: string | null; channelId: string | null } {
    return { clientId: this.settings.partner?.clientId ?? null, channelId: this.settings.partner?.channelId ?? null };
  }

  /**
   * A client's conversations per day (UTC) since `from`, and its balance; days without any may be left out.
   * @throws Problem `upstream_unavailable`, `rate_limited`, `partner_permission_denied` …
   */
  readUsage(clientId: string, from: number, until: number): Promise<PartnerUsage> {
    const query = new URLSearchParams({
      start_date: String(Math.floor(from / SECOND)),
      end_date: String(Math.floor(until / SECOND)),
      granularity: 'day',
    });
    const path = `/clients/${encodeURIComponent(clientId)}/info/balance?${query}`;
    return this.#read({ path, subject: `balance ${clientId}`, urgency: 'reading', read: readUsage });
  }

  /**
   * One channel; null when the answer has no such channel.
   * @throws Problem as `readUsage`
   */
  async readChannel(id: string, urgency: PartnerUrgency = 'reading'): Promise<PartnerChannel | null> {
    const { channels } = await this.#channelsBy({ id }, 0, urgency);
    return channels.find((channel) => channel.id === id) ?? null;
  }

  /**
   * The channel of a client that has only one; null when it has none or several.
   * @throws Problem as `readUsage`
   */
  async readOnlyChannel(clientId: string): Promise<PartnerChannel | null> {
    const { channels } = await this.#channelsBy({ client_id: clientId }, 0, 'reading');
    return channels.length === 1 ? (channels[0] ?? null) : null;
  }

  /**
   * All channels of the partner, a hundred with each request.
   * @throws Problem as `readUsage`
   */
  async readChannels(urgency: PartnerUrgency): Promise<PartnerChannel[]> {
    const found = new Map<string, PartnerChannel>();
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { channels, total } = await this.#channelsBy(null, page * PAGE, urgency);
      for (const channel of channels) found.set(channel.id, channel);
      if (channels.length === 0 || (page + 1) * PAGE >= (total ?? (channels.length < PAGE ? 0 : Number.POSITIVE_INFINITY))) break;
    }
    return [...found.values()];
  }

  /**
   * Makes a key of a channel, which revokes every key that the channel had. It is asked for once.
   * @throws Problem `channel_key_unknown` when a key may have been made that was not received; any other says that none was made
   */
  async makeKey(channelId: string): Promise<ChannelKey> {
    const path = `/channels/${encodeURIComponent(channelId)}/api_keys`;
    try {
      return await this.#ask({ path, subject: `key ${channelId}`, urgency: 'client', read: readChannelKey }, 'POST');
    } catch (error) {
      throw error instanceof Problem && !isWithoutEffect(error) ? asUnknownKey(error) : error;
    }
  }

  #channelsBy(filters: object | null, offset: number, urgency: PartnerUrgency): Promise<ChannelPage> {
    const query = new URLSearchParams({
      limit: String(PAGE),
      offset: String(offset),
      ...(filters && { filters: JSON.stringify(filters) }),
    });
    return this.#read({ path: `/channels?${query}`, subject: 'channels', urgency, read: readChannelPage });
  }

  #partner(): Partner {
    return this.settings.partner ?? notAsked('no partner credentials');
  }

  async #read<T>(request: PartnerRequest<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#ask(request, 'GET');
      } catch (error) {
        const passing =
          error instanceof Problem &&
          !this.budget.closing.aborted &&
          (error.code === 'upstream_unavailable' || error.code === 'upstream_error');
        if (!passing || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #ask<T>({ path, subject, urgency, read }: PartnerRequest<T>, method: 'GET' | 'POST'): Promise<T> {
    const partner = this.#partner();
    await this.budget.take(partner.id, subject, urgency);
    try {
      return await readSource(this.http, {
        method,
        url: `${partner.baseUrl}/partners/${encodeURIComponent(partner.id)}${path}`,
        headers: { 'X-API-Key': partner.apiKey.reveal(), Accept: 'application/json', 'User-Agent': userAgentOf(this.settings.publicUrl) },
        signal: AbortSignal.any([AbortSignal.timeout(this.settings.dialog360.timeoutMs), this.budget.closing]),
        maxContentLength: MAX_ANSWER_BYTES,
        read,
        now: () => this.clock.now(),
      });
    } catch (error) {
      if (error instanceof Problem && error.code === 'rate_limited' && error.retryAt !== null)
        this.budget.hold(Math.min(error.retryAt - this.clock.now(), 60 * SECOND));
      throw error;
    }
  }
}

/** No connection came about. */
const NOT_CONNECTED: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'closing', 'no partner credentials']);

/** Whether nothing was sent, or 360dialog has refused it by its own word. */
const isWithoutEffect = ({ upstream, params, code }: Problem): boolean =>
  upstream === null ? code === 'rate_limited' || NOT_CONNECTED.has(params.message) : upstream.status >= 400 && upstream.status < 500;

const asUnknownKey = ({ upstream, params, code }: Problem): Problem =>
  new Problem('channel_key_unknown', { upstream, params: { message: params.message ?? code } });
