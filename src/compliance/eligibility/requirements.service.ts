import { Inject, Injectable } from '@nestjs/common';
import { ConversationsService } from '#compliance/conversations/conversations.service.js';
import type { Count } from '#compliance/conversations/count.js';
import { crossChecked, type PartnerAnswer, partnerCount } from '#compliance/conversations/partner-count.js';
import { deriveProgress, type Goal, type Progress, primarySource } from '#compliance/conversations/progress.js';
import type { Projection } from '#compliance/conversations/projection.js';
import { projectTemplates, type TemplateCount } from '#compliance/conversations/template-count.js';
import type { LimitUsage } from '#compliance/conversations/usage/limit-usage.js';
import { LimitUsageService } from '#compliance/conversations/usage/limit-usage.service.js';
import { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { Clock, DAY } from '#kernel/clock.js';
import { text } from '#kernel/read.js';
import { Store, type Tx } from '#store/store.js';
import { REQUIRED_LIMIT, readLimit } from './policy.js';
import { type LatestReading, READING, type Reading, type ReportedLimit, toLatestReading } from './reading.js';
import { ReadingsStore } from './readings.store.js';

/** How far the number has come, and which readings say so. */
export interface Requirements {
  goal: Goal;
  progress: Progress;
  limit: LatestReading<ReportedLimit>;
  /** How much of the limit is used, and by how many numbers. */
  usage: LimitUsage;
  /** What every source says about the messaging limit, newest first. */
  limits: Reading<ReportedLimit>[];
  /** The count of every source. */
  counts: Count[];
  /** The source that decides; null without one. */
  primarySource: Count | null;
  /** Users who got a template outside of the window within 30 days. */
  templateUsers: TemplateCount | null;
  /** When there will be as many as Meta asks for; null without any. */
  templateProjection: Projection | null;
  /** What the owner saw in the Hub, such as `verified`. */
  verification: LatestReading<string>;
}

/** How long a declaration of the owner is valid. */
export const OWNER_TRUSTED_MS = 30 * DAY;
const OWNER = 'owner';

/** How far the number has come: the conversations that the owner's requirement counts, and the messaging limit that Meta checks. */
@Injectable()
export class RequirementsService {
  constructor(
    private readonly readings: ReadingsStore,
    private readonly conversations: ConversationsService,
    private readonly store: Store,
    private readonly settings: SettingsOfNumbers,
    private readonly clock: Clock,
    @Inject(LimitUsageService) private readonly limits: Pick<LimitUsageService, 'usage'>,
  ) {}

  /** Derives both from stored readings; sends no request. */
  async requirements({ phoneNumberId, learnedAt }: OurNumber): Promise<Requirements> {
    const goal = this.#goal(phoneNumberId);
    const [own, partner, limits, verification, usage] = await Promise.all([
      this.conversations.counts(phoneNumberId, learnedAt),
      this.readings.find<PartnerAnswer>(this.store.read, phoneNumberId, READING.conversations, 'partner_api'),
      this.#limits(phoneNumberId),
      this.#verification(phoneNumberId),
      this.limits.usage(phoneNumberId, learnedAt),
    ]);
    const told = partner && partnerCount(partner.value, partner.observedAt, this.clock.now(), goal.windowDays);
    const counts = [
      ...(told ? [crossChecked(told, own.conversations, own.messages)] : []),
      own.conversations,
      ...(own.messages ? [own.messages] : []),
    ];
    return {
      goal,
      progress: deriveProgress(counts, goal),
      limit: this.#limitOf(limits),
      usage,
      limits,
      counts,
      primarySource: primarySource(counts),
      templateUsers: own.templateUsers,
      templateProjection: own.templateUsers && projectTemplates(own.templates, REQUIRED_LIMIT),
      verification: this.#believed(verification),
    };
  }

  /** The messaging limit alone, without any counting. */
  async limit(phoneNumberId: string): Promise<LatestReading<ReportedLimit>> {
    return this.#limitOf(await this.#limits(phoneNumberId));
  }

  /** The requirement with nothing known about it. */
  unknown(phoneNumberId: string): { goal: Goal; progress: Progress } {
    const goal = this.#goal(phoneNumberId);
    return { goal, progress: deriveProgress([], goal) };
  }

  /** Stores a reading; an older one of the same source changes nothing. */
  async observe(tx: Tx, phoneNumberId: string, reading: Reading): Promise<void> {
    await this.readings.save(tx, phoneNumberId, reading);
  }

  /** As `observe`, in a transaction of its own. */
  keep(phoneNumberId: string, reading: Reading): Promise<void> {
    return this.store.write((tx) => this.observe(tx, phoneNumberId, reading));
  }

  /** When the conversations of the number's client were read from the partner API last; null when never. */
  async partnerReadAt(phoneNumberId: string): Promise<number | null> {
    return (await this.readings.find(this.store.read, phoneNumberId, READING.conversations, 'partner_api'))?.observedAt ?? null;
  }

  /** The next sequence for events about a number; the transaction must hold the number's lock. */
  nextSequence(tx: Tx, phoneNumberId: string): Promise<number> {
    return this.readings.nextSequence(tx, phoneNumberId);
  }

  /** What the owner declared, however old. */
  async declared(phoneNumberId: string): Promise<{ limit: Reading<ReportedLimit> | null; verification: Reading<string> | null }> {
    const [limits, verification] = await Promise.all([this.#limits(phoneNumberId), this.#verification(phoneNumberId)]);
    return { limit: limits.find(({ source }) => source === OWNER) ?? null, verification };
  }

  #goal(phoneNumberId: string): Goal {
    const { requiredConversations: conversations, windowDays } = this.settings.of(phoneNumberId);
    return { conversations, windowDays };
  }

  /** Leaves out readings without a limit, as earlier versions kept them. */
  async #limits(phoneNumberId: string): Promise<Reading<ReportedLimit>[]> {
    const kept = await this.readings.named<Partial<ReportedLimit> | null>(this.store.read, phoneNumberId, READING.limit);
    return kept.flatMap(({ value, ...reading }) => {
      const limit = text(value?.limit);
      return limit === undefined ? [] : [{ ...reading, value: { limit, event: value?.event ?? null } }];
    });
  }

  async #verification(phoneNumberId: string): Promise<Reading<string> | null> {
    const kept = await this.readings.find<unknown>(this.store.read, phoneNumberId, READING.verification, OWNER);
    const value = text(kept?.value);
    return kept && value !== undefined ? { ...kept, value } : null;
  }

  /**
   * The newest limit of the portfolio that can be read decides; that of a number is a member that Meta has removed and counts without
   * it alone. The owner's declaration counts only without any other source.
   */
  #limitOf(limits: readonly Reading<ReportedLimit>[]): LatestReading<ReportedLimit> {
    const told = limits.filter(({ source }) => source !== OWNER);
    const readable = told.filter(({ value }) => readLimit(value.limit) !== null);
    const speaking = readable.find(({ scope }) => scope === 'portfolio') ?? readable[0] ?? told[0];
    return speaking ? toLatestReading(speaking) : this.#believed(limits.find(({ source }) => source === OWNER) ?? null);
  }

  #believed<T>(declared: Reading<T> | null): LatestReading<T> {
    if (declared === null || this.clock.now() - declared.observedAt <= OWNER_TRUSTED_MS) return toLatestReading(declared);
    return { ...toLatestReading(declared, 'stale'), value: null };
  }
}
