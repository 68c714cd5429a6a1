import { HttpService } from '@nestjs/axios';
import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { parseJson, record, text } from '#kernel/read.js';
import { partnerProblem } from './partner.errors.js';

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
    if (!meta) throw new Problem('upstream_unavailable', { params: { message: 'no Meta credentials' } });
    const { status, data } = await this.#ask(`${GRAPH}/${encodeURIComponent(meta.wabaId)}?fields=${FIELD}`, meta.accessToken.reveal());
    const body = status >= 200 && status < 300 ? record(parseJson(data)) : undefined;
    if (!body || body.error !== undefined) throw partnerProblem(status, data, this.clock.now(), null);
    return text(body[FIELD]) ?? null;
  }

  async #ask(url: string, token: string): Promise<{ status: number; data: string }> {
    try {
      const { status, data } = await this.http.axiosRef.request<string>({
        url,
        headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
        signal: AbortSignal.timeout(this.settings.dialog360.timeoutMs),
        proxy: false,
        maxRedirects: 0,
        maxContentLength: MAX_ANSWER_BYTES,
        responseType: 'text',
        transformResponse: (answer: string) => answer,
        validateStatus: () => true,
      });
      return { status, data };
    } catch (error) {
      // The error of axios carries the request with the token in its headers: only its code goes on.
      const message = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      throw new Problem('upstream_unavailable', { params: { message } });
    }
  }
}
