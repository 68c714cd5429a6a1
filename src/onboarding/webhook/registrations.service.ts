import { Injectable } from '@nestjs/common';
import { ReadingsService } from '#compliance/eligibility/readings.service.js';
import { Settings } from '#config/settings.js';
import { isOurWebhook, webhookUrlOf } from '#config/webhook-path.js';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { WebhookConfig } from '#dialog360/number-reading.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { NumberSealService } from '#identity/numbers/number-seal.service.js';
import { type NumberChange, NumbersService } from '#identity/numbers/numbers.service.js';
import { Problem } from '#kernel/problem.js';
import { Lines } from '#numbers/lines.js';
import { withoutQueryValues } from '#outbound-http/safe-url.js';

/** The webhook of a number before and after a command. Headers are secrets; show their names alone. */
export interface Registration {
  registered: WebhookConfig | null;
  /** What the registration replaces or has replaced; null for nothing, or for our own. */
  replaced: WebhookConfig | null;
  matches: boolean;
  changed: boolean;
}

/**
 * Registers our address as the webhook of a number, keeps what that replaces, and restores it. A number has one webhook at 360dialog, which
 * may be another system's: none is replaced that the caller has not named.
 */
@Injectable()
export class RegistrationsService {
  constructor(
    private readonly numbers: NumbersService,
    private readonly seal: NumberSealService,
    private readonly lines: Lines,
    private readonly readings: ReadingsService,
    private readonly settings: Settings,
  ) {}

  /** Our address and the header of the deliveries of a number. */
  ours(phoneNumberId: string, token: string): WebhookConfig {
    return { url: webhookUrlOf(this.settings.publicUrl, phoneNumberId), headers: { Authorization: `Bearer ${token}` } };
  }

  /** Whether a webhook delivers to this gateway. */
  isOurs({ url }: WebhookConfig, phoneNumberId: string): boolean {
    return isOurWebhook(url, this.settings.publicUrl, phoneNumberId);
  }

  /** Refuses to replace what is not named. @throws Problem `webhook_occupied` */
  assertReplaceable(present: WebhookConfig, phoneNumberId: string, named: string | null): void {
    if (present.url === '' || this.isOurs(present, phoneNumberId)) return;
    if (named !== null && (named === present.url || named === withoutQueryValues(present.url))) return;
    throw occupied(present);
  }

  /** @throws Problem `environment_number`, `webhook_occupied`, and refusals of 360dialog */
  async register(number: BusinessNumber, how: { replaces: string | null; dryRun: boolean }): Promise<Registration> {
    const { phoneNumberId } = number;
    refuseEnvironment(number);
    const line = this.lines.of(phoneNumberId);
    const present = await line.readWebhookConfig();
    const isOurs = this.isOurs(present, phoneNumberId);
    const replaced = isOurs || present.url === '' ? null : present;
    if (how.dryRun) return { registered: orNull(present), replaced, matches: isOurs, changed: false };
    this.assertReplaceable(present, phoneNumberId, how.replaces);
    // Kept before it is replaced, so that no crash loses it.
    const kept = replaced && { replacedWebhook: this.seal.seal(JSON.stringify(replaced), 'replaced_webhook', phoneNumberId) };
    const ours = await this.#newest(phoneNumberId, kept ?? {});
    return { registered: await this.#writeOurs(phoneNumberId, ours), replaced, matches: true, changed: true };
  }

  /** Registers our address with the newest token of the number. @throws refusals of 360dialog */
  async registerNewest(phoneNumberId: string): Promise<void> {
    await this.#writeOurs(phoneNumberId, await this.#newest(phoneNumberId));
  }

  /**
   * Registers again what our registration has replaced. What was restored already, or was replaced by another system, stays.
   * @throws Problem `environment_number`, `webhook_not_replaced`, `webhook_occupied`, and refusals of 360dialog
   */
  async restore(number: BusinessNumber): Promise<Registration> {
    const { phoneNumberId } = number;
    refuseEnvironment(number);
    const former = await this.numbers.alter(phoneNumberId, async (_tx, row) => ({
      change: {},
      result: row.replacedWebhook === null ? null : this.seal.openReplaced(row.replacedWebhook, phoneNumberId),
    }));
    if (former === null) throw new Problem('webhook_not_replaced', { params: { phone_number_id: phoneNumberId } });
    const line = this.lines.of(phoneNumberId);
    const present = await line.readWebhookConfig();
    const isRestored = present.url === former.url;
    if (!isRestored && present.url !== '' && !this.isOurs(present, phoneNumberId)) throw occupied(present);
    if (!isRestored) await this.#write(line, phoneNumberId, former);
    await this.numbers.change(phoneNumberId, { replacedWebhook: null });
    return { registered: former, replaced: null, matches: false, changed: !isRestored };
  }

  /** The token may be replaced while 360dialog is asked: the last request looks again, so that the one that is registered is valid. */
  async #writeOurs(phoneNumberId: string, first: WebhookConfig): Promise<WebhookConfig> {
    const line = this.lines.of(phoneNumberId);
    for (let ours = first; ; ) {
      await this.#write(line, phoneNumberId, ours);
      const newest = await this.#newest(phoneNumberId);
      if (newest.headers.Authorization === ours.headers.Authorization) return ours;
      ours = newest;
    }
  }

  /** Our address with the newest token. @param change of the number, with that @throws Problem `number_unproven` */
  #newest(phoneNumberId: string, change: NumberChange = {}): Promise<WebhookConfig> {
    return this.numbers.alter(phoneNumberId, async (_tx, { sealedWebhookToken: sealed }) => {
      const token = sealed === null ? null : this.seal.openToken(sealed, phoneNumberId);
      if (token === null) throw new Problem('number_unproven', { params: { message: 'no token' } });
      return { change, result: this.ours(phoneNumberId, token.reveal()) };
    });
  }

  async #write(line: Dialog360Client, phoneNumberId: string, config: WebhookConfig): Promise<void> {
    await line.writeWebhook(config);
    await this.readings.registration(phoneNumberId, { refresh: true });
  }
}

/** What belongs to the environment is changed there. @throws Problem `environment_number` */
export function refuseEnvironment({ source, phoneNumberId }: BusinessNumber): void {
  if (source === 'environment') throw new Problem('environment_number', { params: { phone_number_id: phoneNumberId } });
}

function occupied({ url }: WebhookConfig): Problem {
  const shown = withoutQueryValues(url);
  return new Problem('webhook_occupied', { params: { message: shown }, extra: { registered_url: shown } });
}

const orNull = (config: WebhookConfig): WebhookConfig | null => (config.url === '' ? null : config);
