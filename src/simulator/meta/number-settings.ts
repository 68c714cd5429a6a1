import { rfc3339 } from '#kernel/clock.js';
import type { JsonRecord } from '#kernel/read.js';
import type { SimulatorContext } from '#simulator/play/context.js';
import { settingsWebhook } from '#simulator/webhooks/account-webhooks.js';
import { BUTTON_HIDDEN, reachesCallingTier, type SimulatedCallingSettings, shownCalling } from '#simulator/world/number.js';
import { readCallingSettings } from './read-settings.js';
import { MetaRefusal } from './refusals.js';

/** Only a change of these fields sends `account_settings_update`; the webhook carries the whole object. */
const TOLD = (calling: SimulatedCallingSettings): string =>
  JSON.stringify([
    calling.status,
    calling.call_icon_visibility,
    calling.callback_permission_status,
    calling.sip?.status,
    calling.srtp_key_exchange_protocol,
  ]);

/** `GET` and `POST /calling/settings`. */
export class NumberSettings {
  constructor(private readonly context: SimulatorContext) {}

  /** @returns `{ calling }` with the restrictions in force */
  read(): JsonRecord {
    return { calling: shownCalling(this.context.number, this.context.clock.now()) };
  }

  /** Merges by field; each field, `call_hours` above all, is replaced whole. */
  write(body: unknown): JsonRecord {
    const { clock, number } = this.context;
    const change = readCallingSettings(body, rfc3339(clock.now()).slice(0, 10));
    if (change.status === 'ENABLED' && number.calling.status !== 'ENABLED' && !reachesCallingTier(number)) {
      throw new MetaRefusal(138015, `The messaging limit is ${number.tier}; calling needs at least 2000 unique users in 24 hours`);
    }
    this.apply(change);
    return { success: true };
  }

  /** Applies a checked change, and sends the webhook that Meta would send. */
  apply(change: JsonRecord): void {
    const { clock, number } = this.context;
    // Who shows the button again ends that restriction.
    if (change.call_icon_visibility === 'DEFAULT') number.restrictions = number.restrictions.filter(({ type }) => type !== BUTTON_HIDDEN);
    const before = TOLD(number.calling);
    Object.assign(number.calling, structuredClone(change));
    if (TOLD(number.calling) !== before) this.context.send(settingsWebhook(number, clock.now()), null);
  }
}
