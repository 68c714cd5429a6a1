import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { WEBHOOK_PATH, webhookUrlOf } from '#config/webhook-path.js';
import type { Health } from '#dialog360/number-reading.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { InboxService } from '#inbox/inbox.service.js';
import type { UnreadField } from '#inbox/unread-fields.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import type { Tx } from '#store/store.js';
import { type Assessment, assess, type GateEvidence, refusalOf } from './eligibility.js';
import { type CallEvidence, CallEvidenceService, type Refused } from './gates/call-evidence.service.js';
import { CallPrimaryService } from './gates/call-primary.service.js';
import { type GateFinding, UNKNOWN } from './gates/gate.js';
import { type CallingSettings, type LatestReading, type RegisteredWebhook, sameAddress, toLatestReading } from './reading.js';
import { ReadingsService, type ReadOptions } from './readings.service.js';
import type { RefusalGroup } from './refusals.store.js';
import { RequirementsService } from './requirements.service.js';

/** May this number call, and be called; all gates with what they rest on. */
export interface Eligibility {
  inbound: Assessment;
  outbound: Assessment;
  evidence: GateEvidence;
}

/** What waits to be forwarded, and what is set aside. Times are ms since 1970. */
export interface ForwardingStatus {
  /** Scheme, host and port of the target. */
  target: string;
  pending: number;
  oldestReceivedAt: number | null;
  heldUntil: number | null;
  setAside: number;
}

/** Everything the owner's diagnosis shows. */
export interface NumberDiagnosis extends Eligibility {
  number: OurNumber;
  health: LatestReading<Health>;
  refusals: RefusalGroup[];
  lastDeliveryAt: number | null;
  /** How many subscriptions are paused because their key is gone or lacks a scope. */
  pausedSubscriptions: number;
  /** Null without forwarding. */
  forwarding: ForwardingStatus | null;
  /** Fields of webhooks that the gateway does not read. */
  unreadFields: UnreadField[];
  /** The threads that the Meta Business Agent holds. */
  agent: { threads: number; lastAt: number | null };
  mode: Settings['mode'];
  checkedAt: number;
}

/** What is read from 360dialog itself. */
interface Live {
  settings: LatestReading<CallingSettings>;
  registration: LatestReading<RegisteredWebhook>;
  health: LatestReading<Health>;
}

type Known = Omit<Live, 'health'> &
  CallEvidence &
  Pick<GateEvidence, 'goal' | 'progress' | 'limit' | 'usage' | 'listeners' | 'callPrimary'>;

/** The longest that a dial waits for the settings of its number. */
const DIAL_TIMEOUT_MS = 1_500;

/** May this number call? Derives both directions from the readings; an old reading is still a reading. */
@Injectable()
export class EligibilityService {
  /** What is forwarded; set at start by the module of forwarding, which stands above. */
  forwarding: (phoneNumberId: string) => Promise<ForwardingStatus | null> = async () => null;

  constructor(
    private readonly readings: ReadingsService,
    private readonly requirements: RequirementsService,
    private readonly evidence: CallEvidenceService,
    private readonly primary: CallPrimaryService,
    private readonly inbox: InboxService,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets a dial pass unless a gate of the number fails. What is unknown never blocks, and a slow 360dialog holds the dial up
   * for 1.5 s at most; with fresh settings it is not asked.
   * @throws Problem such as `calling_disabled`, `calling_restricted` (with `retryAt`) or `country_not_supported`
   */
  async assertMayDial(number: OurNumber): Promise<void> {
    const settings = await this.readings.settings(number.phoneNumberId, { timeoutMs: DIAL_TIMEOUT_MS });
    // What only informs, and who listens, are of no matter here, so a dial does not wait for them.
    const evidence = await this.#evidence(number, {
      ...this.requirements.unknown(number.phoneNumberId),
      callPrimary: UNKNOWN,
      payment: UNKNOWN,
      pickUps: { inbound: UNKNOWN, outbound: UNKNOWN },
      account: await this.#accountForDial(number.phoneNumberId),
      coexistence: await this.evidence.coexistence(number.phoneNumberId),
      settings,
      registration: toLatestReading<RegisteredWebhook>(null),
      limit: await this.requirements.limit(number.phoneNumberId),
      listeners: null,
    });
    const refusal = refusalOf(assess('outbound', evidence, this.clock.now()));
    if (refusal?.code) throw new Problem(refusal.code, { retryAt: refusal.retryAt, params: { phone_number_id: number.phoneNumberId } });
  }

  /** A reported ban refuses the dial unless health, which is read only then, says otherwise. */
  async #accountForDial(phoneNumberId: string): Promise<GateFinding> {
    const found = await this.evidence.account(phoneNumberId, toLatestReading<Health>(null));
    if (found.verdict !== 'fail') return found;
    return this.evidence.account(phoneNumberId, await this.readings.health(phoneNumberId, { timeoutMs: DIAL_TIMEOUT_MS }));
  }

  /** All gates of both directions, passing ones too. */
  async gates(number: OurNumber, options?: ReadOptions): Promise<Eligibility> {
    return this.#eligibility(number, await this.#live(number, options));
  }

  /** The whole diagnosis; it changes nothing at 360dialog. */
  async diagnosis(number: OurNumber, options?: ReadOptions): Promise<NumberDiagnosis> {
    const live = await this.#live(number, options);
    const [eligibility, refusals, lastDeliveryAt, pausedSubscriptions, forwarding, unreadFields, agent] = await Promise.all([
      this.#eligibility(number, live),
      this.evidence.recentRefusals(number.phoneNumberId),
      this.inbox.lastReceivedAt(number.phoneNumberId),
      this.readings.pausedSubscriptions(number.phoneNumberId),
      this.forwarding(number.phoneNumberId),
      this.inbox.unreadFields(number.phoneNumberId),
      this.evidence.agentThreads(number.phoneNumberId),
    ]);
    const { mode } = this.settings;
    const found = { refusals, lastDeliveryAt, pausedSubscriptions, forwarding, unreadFields, agent };
    return { ...eligibility, ...found, number, health: live.health, mode, checkedAt: this.clock.now() };
  }

  /** Refuses to ask a person whose reply would reach another partner. @throws Problem `not_call_primary` */
  assertRepliesArrive({ phoneNumberId }: OurNumber): Promise<void> {
    return this.primary.assertRepliesArrive(phoneNumberId);
  }

  /** Keeps a refusal for the diagnosis; `callId` is the gateway's id of the call. */
  async recordRefusal(tx: Tx, refusal: Refused): Promise<void> {
    await this.evidence.recordRefusal(tx, refusal);
    if (refusal.problem.code === 'not_call_primary') await this.primary.refused(tx, refusal.phoneNumberId);
  }

  /** Notes that Meta took a call action, such as a dial, an accept or a hang-up. */
  recordAction(tx: Tx, phoneNumberId: string): Promise<void> {
    return this.primary.acted(tx, phoneNumberId);
  }

  /** Reads settings, webhook and health at 360dialog in parallel. */
  async #live({ phoneNumberId: id }: OurNumber, options?: ReadOptions): Promise<Live> {
    const [settings, registration, health] = await Promise.all([
      this.readings.settings(id, options),
      this.readings.registration(id, options),
      this.readings.health(id, options),
    ]);
    return { settings, registration, health };
  }

  async #eligibility(number: OurNumber, live: Live): Promise<Eligibility> {
    const [required, callEvidence, callPrimary, listeners] = await Promise.all([
      this.requirements.requirements(number),
      this.evidence.collect(number.phoneNumberId, live.health),
      this.primary.finding(number.phoneNumberId),
      this.readings.listeners(number.phoneNumberId),
    ]);
    const evidence = await this.#evidence(number, { ...live, ...required, ...callEvidence, callPrimary, listeners });
    const now = this.clock.now();
    return { inbound: assess('inbound', evidence, now), outbound: assess('outbound', evidence, now), evidence };
  }

  async #evidence(number: OurNumber, known: Known): Promise<GateEvidence> {
    const id = number.phoneNumberId;
    const [restrictions, lastCallEventAt] = await Promise.all([this.readings.restrictions(id), this.readings.lastCallEventAt(id)]);
    return {
      ...known,
      displayPhoneNumber: number.displayPhoneNumber,
      ...(number.state ? { state: number.state } : {}),
      key: this.readings.key(id),
      restrictions,
      lastCallEventAt,
      webhookUrl: this.#webhookUrl(number, known.registration.value?.url ?? null),
    };
  }

  /** Of the two addresses that take deliveries of a number the one that is registered, else the one that we would register. */
  #webhookUrl({ phoneNumberId, source = 'environment' }: OurNumber, registered: string | null): string {
    const [ofAll, ofOne] = [`${this.settings.publicUrl}${WEBHOOK_PATH}`, webhookUrlOf(this.settings.publicUrl, phoneNumberId)];
    const [first, other] = source === 'environment' ? [ofAll, ofOne] : [ofOne, ofAll];
    return registered !== null && sameAddress(registered, other) ? other : first;
  }
}
