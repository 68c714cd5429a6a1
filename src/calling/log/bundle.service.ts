import { Injectable } from '@nestjs/common';
import { CallsService } from '#calling/call/calls.service.js';
import { ReadingsService } from '#compliance/eligibility/readings.service.js';
import { PRODUCT } from '#config/product.js';
import { Settings } from '#config/settings.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { Clock, rfc3339, SECOND } from '#kernel/clock.js';
import type { BundleDto } from './call-log.dto.js';
import { redact, valuesNamed } from './redact.js';

/** The timeout of reading the settings: a bundle is needed most while 360dialog does not respond. */
const TIMEOUT_MS = 1_500;

/** What the reader of a bundle may see. */
export interface BundleSight {
  /** Numbers and names in full. */
  full: boolean;
  /** The settings themselves, not only their age. */
  settings: boolean;
}

/** Makes the bundle of one call for a support ticket. */
@Injectable()
export class BundleService {
  constructor(
    private readonly calls: CallsService,
    private readonly figures: ReadingsService,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** @param id the gateway's id or the wacid. @throws Problem `call_not_found` */
  async of(by: NumberReach, id: string, sight: BundleSight): Promise<BundleDto> {
    const call = await this.calls.require(by, id);
    const [view, entries, figure] = await Promise.all([
      this.calls.view(call, false),
      this.calls.timelineOf(call),
      this.figures.settings(call.phoneNumberId, { timeoutMs: TIMEOUT_MS }),
    ]);
    const timeline = entries.map((entry) => ({ ...entry, at: rfc3339(entry.at) }));
    const now = this.clock.now();
    const bundle: BundleDto = {
      made_at: rfc3339(now),
      gateway: { name: PRODUCT.name, version: PRODUCT.version, node: process.version, mode: this.settings.mode },
      call_id: view.call_id,
      fbtrace_ids: valuesNamed([timeline, view], 'fbtrace_id'),
      call: view,
      timeline,
      settings: {
        observed_at: rfc3339(figure.observedAt),
        age_seconds: figure.observedAt === null ? null : Math.max(0, Math.round((now - figure.observedAt) / SECOND)),
        calling: sight.settings ? (figure.value?.calling ?? null) : null,
      },
      redacted: !sight.full,
    };
    if (sight.full) return redact(bundle, []);
    const { wa_id, input } = view.user;
    const user = { ...view.user, username: hidden(view.user.username), name: hidden(view.user.name) };
    return redact(
      { ...bundle, call: { ...view, user } },
      [wa_id, input].filter((number) => number !== null),
    );
  }
}

const hidden = (text: string | null): string | null => (text === null ? null : '[redacted]');
