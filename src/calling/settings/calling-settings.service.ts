import { Injectable } from '@nestjs/common';
import { EligibilityService } from '#compliance/eligibility/eligibility.service.js';
import { withoutSecrets } from '#compliance/eligibility/reading.js';
import { ReadingsService } from '#compliance/eligibility/readings.service.js';
import { isProblemCode } from '#error-catalogue/lookup.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { type JsonRecord, record } from '#kernel/read.js';
import { Lines } from '#numbers/lines.js';
import { Store } from '#store/store.js';
import { checkSettings } from './check-settings.js';
import { type Effect, effectsOf } from './effects.js';
import { settingsChangeOf } from './settings-change.js';

/** Meta's `calling` object without SIP passwords, and when it was read. */
export interface SettingsView {
  calling: JsonRecord;
  /** Null when a change was taken but could not be read again: `calling` then is what it must be by now. */
  observedAt: number | null;
}

/** The settings after a change, and in words what the change does and does not do. */
export interface Changed extends SettingsView {
  effects: Effect[];
}

/** The number's calling settings: read, and changed in part without losing the rest. */
@Injectable()
export class CallingSettingsService {
  /** The last change of each number; the next one waits for it. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly figures: ReadingsService,
    private readonly compliance: EligibilityService,
    private readonly lines: Lines,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /**
   * The settings, at most 60 s old, or as old as `observedAt` says while 360dialog does not answer.
   * @param refresh reads again, and fails rather than return an older value
   * @throws Problem why they cannot be read
   */
  async read({ phoneNumberId }: OurNumber, refresh: boolean): Promise<SettingsView> {
    const { value, observedAt, reason } = await this.figures.settings(phoneNumberId, { refresh });
    if (!value?.complete || (refresh && reason !== null))
      throw new Problem(reason !== null && isProblemCode(reason) ? reason : 'upstream_unavailable');
    return { calling: value.calling, observedAt };
  }

  /**
   * Changes a part, on top of the present settings of 360dialog. Changes of one number follow one another in this process.
   * @throws Problem `invalid_request` naming what Meta would refuse, the problem of reading, or the refusal
   */
  change(number: OurNumber, part: JsonRecord): Promise<Changed> {
    return this.#inTurn(number.phoneNumberId, async () => {
      const before = await this.#live(number, part);
      const now = this.clock.now();
      const change = settingsChangeOf(before, part, now);
      const errors = checkSettings(change, now);
      if (errors.length) throw new Problem('invalid_request', { errors });
      if (Object.keys(change.sent).length) await this.#write(number, change.sent);
      const { value, observedAt, reason } = await this.figures.settings(number.phoneNumberId, { refresh: true });
      const effects = effectsOf(before, change);
      if (value?.complete && reason === null) return { calling: value.calling, observedAt, effects };
      return { calling: withoutSecrets({ ...before, ...change.sent }), observedAt: null, effects };
    });
  }

  /** Hours are never completed from a response without `calling`. */
  async #live({ phoneNumberId }: OurNumber, part: JsonRecord): Promise<JsonRecord> {
    const { calling, body } = await this.lines.of(phoneNumberId).readSettings();
    if (part.call_hours !== undefined && !record(body.calling)) {
      throw new Problem('upstream_unreadable', { params: { message: 'the settings have no calling' } });
    }
    return withoutSecrets(calling);
  }

  async #write({ phoneNumberId }: OurNumber, sent: JsonRecord): Promise<void> {
    try {
      await this.lines.of(phoneNumberId).writeSettings(sent);
    } catch (problem) {
      if (problem instanceof Problem && problem.upstream) {
        const refusal = { phoneNumberId, operation: 'write_settings', problem, callId: null };
        await this.store.write((tx) => this.compliance.recordRefusal(tx, refusal));
      }
      throw problem;
    }
  }

  #inTurn<T>(phoneNumberId: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(phoneNumberId) ?? Promise.resolve()).then(work);
    this.#turns.set(
      phoneNumberId,
      turn.catch(() => undefined),
    );
    return turn;
  }
}
