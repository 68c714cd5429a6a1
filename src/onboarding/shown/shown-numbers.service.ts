import { Injectable } from '@nestjs/common';
import { ReadingsService } from '#compliance/eligibility/readings.service.js';
import { SnapshotsService } from '#compliance/polling/snapshots.service.js';
import { Settings } from '#config/settings.js';
import { isOurWebhook } from '#config/webhook-path.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { InboxService } from '#inbox/inbox.service.js';
import { rfc3339 } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { type KnownWebhook, type LastCheckDto, type NumberDto, toNumberDto } from './number.view.js';

/** Shows numbers: what their rows say, and what is known of their webhooks without asking 360dialog. */
@Injectable()
export class ShownNumbersService {
  constructor(
    private readonly numbers: NumbersService,
    private readonly readings: ReadingsService,
    private readonly snapshots: SnapshotsService,
    private readonly inbox: InboxService,
    private readonly settings: Settings,
  ) {}

  /** @throws Problem `not_found`, the same for a number that does not exist and for one that is not theirs */
  async require(by: NumberReach, phoneNumberId: string): Promise<BusinessNumber> {
    try {
      return await this.numbers.require(by, phoneNumberId);
    } catch (error) {
      throw error instanceof Problem && error.code === 'unknown_number' ? new Problem('not_found') : error;
    }
  }

  /** A number without its secrets, with what was last heard of its webhook. */
  async show(number: BusinessNumber): Promise<NumberDto> {
    const [webhook, lastCheck] = await Promise.all([this.#webhook(number), this.#lastCheck(number)]);
    return toNumberDto(number, webhook, lastCheck);
  }

  /**
   * The next numbers, the first one first.
   * @param after the position of the last one that was shown; null from the beginning
   * @param isUnhealthy only those whose key was refused or does not open, or whose webhooks go elsewhere
   */
  async list(
    by: NumberReach,
    { limit, after, isUnhealthy }: { limit: number; after: readonly [number, string] | null; isUnhealthy: boolean | null },
  ): Promise<{ number: BusinessNumber; shown: NumberDto }[]> {
    const isNext = ({ learnedAt, phoneNumberId }: BusinessNumber) =>
      after === null || learnedAt > after[0] || (learnedAt === after[0] && phoneNumberId > after[1]);
    const next = this.numbers.reachedBy(by).filter(isNext);
    const found: { number: BusinessNumber; shown: NumberDto }[] = [];
    for (let at = 0; at < next.length && found.length < limit; at += limit) {
      const read = async (number: BusinessNumber) => ({ number, webhook: await this.#webhook(number) });
      const some = await Promise.all(next.slice(at, at + limit).map(read));
      const wanted = some.filter(({ number, webhook }) => isUnhealthy === null || isUnhealthy === isSick(number, webhook));
      const shown = wanted.slice(0, limit - found.length).map(async ({ number, webhook }) => ({
        number,
        shown: toNumberDto(number, webhook, await this.#lastCheck(number)),
      }));
      found.push(...(await Promise.all(shown)));
    }
    return found;
  }

  async #lastCheck({ phoneNumberId }: BusinessNumber): Promise<LastCheckDto | null> {
    const found = await this.snapshots.latestDone(phoneNumberId);
    if (!found?.metrics) return null;
    const { inbound, outbound, webhookSilent } = found.metrics;
    const checkedAt = rfc3339(found.finished_at ?? found.started_at);
    return { outbound: outbound.verdict, inbound: inbound.verdict, webhook_silent: webhookSilent, checked_at: checkedAt };
  }

  async #webhook({ phoneNumberId, createdAt }: BusinessNumber): Promise<KnownWebhook> {
    const [registered, receivedAt] = await Promise.all([
      this.readings.keptRegistration(phoneNumberId),
      this.inbox.lastReceivedAt(phoneNumberId),
    ]);
    const url = registered?.value.url ?? null;
    const matches = registered === null ? null : url !== null && isOurWebhook(url, this.settings.publicUrl, phoneNumberId);
    // What was kept before there was this number belongs to no known number.
    return { url, matches, lastDeliveryAt: receivedAt !== null && receivedAt >= createdAt ? receivedAt : null };
  }
}

const isSick = ({ keyRejectedAt, apiKey }: BusinessNumber, { matches }: KnownWebhook): boolean =>
  keyRejectedAt !== null || apiKey === null || matches === false;
