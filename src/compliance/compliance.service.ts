import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Settings } from '#config/settings.js';
import type { Health } from '#dialog360/number-reading.js';
import type { OurNumber } from '#identity/our-number.js';
import { InboxService } from '#inbox/inbox.service.js';
import { Clock, DAY, HOUR } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { Store, type Tx } from '#store/store.js';
import { type Evidence, refusalOf, type Standing, standing } from './eligibility.js';
import { type Asking, FiguresService } from './figures.service.js';
import { type CallingSettings, type Figure, figureOf, type Registration } from './reading.js';
import { type RefusalGroup, RefusalsStore } from './refusals.store.js';
import { RequirementsService } from './requirements.service.js';

/** May this number call, and be called; all gates with what they rest on. */
export interface Eligibility {
  inbound: Standing;
  outbound: Standing;
  evidence: Evidence;
}

/** Everything the owner's diagnosis shows. */
export interface Diagnosis extends Eligibility {
  number: OurNumber;
  health: Figure<Health>;
  refusals: RefusalGroup[];
  lastDeliveryAt: number | null;
  mode: Settings['mode'];
  checkedAt: number;
}

/** The longest that a dial waits for the settings of its number. */
const DIAL_PATIENCE_MS = 1_500;
const SHOW_REFUSALS_MS = 7 * DAY;
const KEEP_REFUSALS_MS = 30 * DAY;
const WEBHOOK_PATH = '/api/webhooks/360dialog';

/** May this number call? Asks the live figures and the readings, and never calls unknown what is only old. */
@Injectable()
export class ComplianceService {
  constructor(
    @Inject(FiguresService) private readonly figures: FiguresService,
    @Inject(RequirementsService) private readonly requirements: RequirementsService,
    @Inject(RefusalsStore) private readonly refusals: RefusalsStore,
    @Inject(InboxService) private readonly inbox: InboxService,
    @Inject(Store) private readonly store: Store,
    @Inject(Settings) private readonly settings: Settings,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Lets a dial pass unless a gate of the number fails. What is unknown never blocks, and a slow 360dialog holds the dial up
   * for 1.5 s at most; with fresh settings it is not asked.
   * @throws Problem such as `calling_disabled`, `calling_restricted` (with `retryAt`) or `country_not_supported`
   */
  async assertMayDial(number: OurNumber): Promise<void> {
    const settings = await this.figures.settings(number.phoneNumberId, { patienceMs: DIAL_PATIENCE_MS });
    // The count only informs, and who listens is of no matter here, so a dial does not wait for it.
    const known = { ...this.requirements.unknown(), limit: await this.requirements.limit(number.phoneNumberId), listeners: null };
    const evidence = await this.#evidence(number, settings, figureOf<Registration>(null), known);
    const refusal = refusalOf(standing('outbound', evidence, this.clock.now()));
    if (refusal?.code) throw new Problem(refusal.code, { retryAt: refusal.retryAt });
  }

  /** All gates of both directions, passing ones too. */
  async gates(number: OurNumber, asking?: Asking): Promise<Eligibility> {
    const id = number.phoneNumberId;
    const [settings, registration] = await Promise.all([this.figures.settings(id, asking), this.figures.registration(id, asking)]);
    return this.#eligibility(number, settings, registration);
  }

  /** The whole diagnosis; it changes nothing at 360dialog. */
  async diagnosis(number: OurNumber, asking?: Asking): Promise<Diagnosis> {
    const id = number.phoneNumberId;
    const [settings, registration, health] = await Promise.all([
      this.figures.settings(id, asking),
      this.figures.registration(id, asking),
      this.figures.health(id, asking),
    ]);
    const [eligibility, refusals, lastDeliveryAt] = await Promise.all([
      this.#eligibility(number, settings, registration),
      this.recentRefusals(number),
      this.inbox.lastReceivedAt(),
    ]);
    return { ...eligibility, number, health, refusals, lastDeliveryAt, mode: this.settings.mode, checkedAt: this.clock.now() };
  }

  /** What 360dialog refused in the last 7 days, the latest first. */
  recentRefusals({ phoneNumberId }: OurNumber): Promise<RefusalGroup[]> {
    return this.refusals.groups(this.store.read, phoneNumberId, this.clock.now() - SHOW_REFUSALS_MS);
  }

  /** Keeps a refusal for the diagnosis; `callId` is the gateway's id of the call. */
  async recordRefusal(
    tx: Tx,
    { problem, ...about }: { phoneNumberId: string; operation: string; problem: Problem; callId: string | null },
  ): Promise<void> {
    await this.refusals.add(tx, { ...about, at: this.clock.now(), code: problem.code, upstreamCode: problem.upstream?.code ?? null });
  }

  @Interval(HOUR)
  async purge(): Promise<void> {
    const before = this.clock.now() - KEEP_REFUSALS_MS;
    await this.store.write((tx) => this.refusals.purge(tx, before));
  }

  async #eligibility(number: OurNumber, settings: Figure<CallingSettings>, registration: Figure<Registration>): Promise<Eligibility> {
    const [required, listeners] = await Promise.all([this.requirements.requirements(number), this.figures.listeners(number.phoneNumberId)]);
    const evidence = await this.#evidence(number, settings, registration, { ...required, listeners });
    const now = this.clock.now();
    return { inbound: standing('inbound', evidence, now), outbound: standing('outbound', evidence, now), evidence };
  }

  async #evidence(
    number: OurNumber,
    settings: Figure<CallingSettings>,
    registration: Figure<Registration>,
    { goal, progress, limit, listeners }: Pick<Evidence, 'goal' | 'progress' | 'limit' | 'listeners'>,
  ): Promise<Evidence> {
    const id = number.phoneNumberId;
    const [restrictions, lastCallEventAt] = await Promise.all([this.figures.restrictions(id), this.figures.lastCallEventAt(id)]);
    return {
      displayPhoneNumber: number.displayPhoneNumber,
      settings,
      registration,
      key: this.figures.key(id),
      restrictions,
      limit,
      progress,
      goal,
      lastCallEventAt,
      listeners,
      webhookUrl: `${this.settings.publicUrl}${WEBHOOK_PATH}`,
    };
  }
}
