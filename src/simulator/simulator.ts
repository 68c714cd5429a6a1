import type { Clock } from '#kernel/clock.js';
import { SimulatedApp } from './graph/app.js';
import { newKey, SharedWorld, SimulatedLine } from './line.js';
import { FIRST_NUMBER, type NumberIdentity } from './world/number.js';
import { FIRST_PORTFOLIO, People } from './world/people.js';

interface SimulatorOptions {
  clock: Clock;
  /** The `D360-API-KEY` that requests about the first number must carry, and the key of the partner. */
  apiKey: string;
  /** Makes ids and SDP repeatable. */
  seed?: string | undefined;
  /** Whether phones carry media once it runs, which is real and never the same; true when left out. */
  media?: boolean;
  /** With what Meta's app signs; follows from the seed or is random when left out. */
  appSecret?: string | undefined;
  /** Where a webhook may be registered over HTTP, beside the origin that the host itself registers; `http://127.0.0.1:*` is any port. */
  webhookOrigins?: readonly string[];
}

/** A number to add; what is missing is the next free one, or that of the first number. */
export interface NewSimulatedNumber extends Partial<NumberIdentity> {
  portfolioId?: string | undefined;
  apiKey?: string;
}

const TICK_MS = 50;

/**
 * A simulated 360dialog, Meta and set of WhatsApp users. It is the line of its first number, and has a line for each number that is added; the
 * people are the same for all. Nothing happens by itself before `start()`.
 */
export class Simulator extends SimulatedLine {
  /** The key of the partner API. */
  readonly partnerKey: string;
  #timer: NodeJS.Timeout | null = null;
  #hasMedia: boolean;

  constructor({ clock, apiKey, seed, media = true, appSecret, webhookOrigins = [] }: SimulatorOptions) {
    const portfolio = { id: FIRST_PORTFOLIO, tier: 'TIER_2K' as const };
    super(new SharedWorld(clock, seed, webhookOrigins, new SimulatedApp(appSecret, seed)), { apiKey, identity: FIRST_NUMBER, portfolio });
    this.#hasMedia = media;
    this.partnerKey = apiKey;
  }

  /** The app at Meta to which all numbers belong. */
  get app(): SimulatedApp {
    return this.shared.app;
  }

  /** The lines of all numbers, the first one first. */
  get lines(): readonly SimulatedLine[] {
    return this.shared.lines;
  }

  /** The line of the number with this id. */
  lineOf(phoneNumberId: string): SimulatedLine | undefined {
    return this.lines.find(({ identity }) => identity.phoneNumberId === phoneNumberId);
  }

  /** The line to which a key leads. */
  lineOfKey(apiKey: unknown): SimulatedLine | undefined {
    return this.lines.find((line) => line.apiKey === apiKey);
  }

  /** Adds a number, which begins with no history. Its portfolio is the named one, that of its account, or that of the first number. */
  addNumber({ apiKey = newKey(), portfolioId, ...given }: NewSimulatedNumber = {}): SimulatedLine {
    const serial = this.#nextSerial();
    const identity = {
      phoneNumberId: given.phoneNumberId ?? `3${serial.padStart(14, '0')}`,
      displayPhoneNumber: given.displayPhoneNumber ?? `52155${serial.padStart(8, '0')}`,
      wabaId: given.wabaId ?? FIRST_NUMBER.wabaId,
      name: given.name ?? `Simulated business ${serial}`,
    };
    const ofAccount = this.lines.find((line) => line.identity.wabaId === identity.wabaId)?.portfolio;
    const id = portfolioId ?? ofAccount?.id ?? FIRST_PORTFOLIO;
    const portfolio = this.lines.find((line) => line.portfolio.id === id)?.portfolio ?? { id, tier: 'TIER_2K' as const };
    const line = new SimulatedLine(this.shared, { apiKey, identity, portfolio });
    if (this.#timer) line.begin();
    return line;
  }

  /** Runs by itself from now on, and phones carry real media, unless it is off. The predefined users write as soon as a webhook is registered. */
  start(): void {
    if (this.#hasMedia) this.shared.media.switchOn();
    this.#timer ??= setInterval(() => this.tick(), TICK_MS).unref();
    for (const line of this.lines) line.begin();
  }

  /** Stops the clocks, the phones, the replay and every delivery. It cannot start again. */
  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    for (const line of this.lines) line.end();
    this.shared.media.close();
  }

  /** Runs everything that is due, of every number. @returns how many things happened */
  override tick(): number {
    return this.lines.reduce((sum, { agenda }) => sum + agenda.tick(), 0);
  }

  /** Resolves when nothing is due and no delivery is on its way. */
  override async settle(): Promise<void> {
    const isBusy = ({ agenda, clock }: SimulatedLine) => (agenda.nextAt() ?? Number.POSITIVE_INFINITY) <= clock.now();
    do {
      this.tick();
      await Promise.all(this.lines.map((line) => line.idle()));
    } while (this.lines.some(isBusy));
  }

  /**
   * Resets people, calls, faults and plans of all numbers; the numbers, their keys, clocks, webhooks and loaded histories stay.
   * @param seed from which ids and SDP follow from now on; phones then carry no media
   */
  reset(seed?: string): void {
    if (seed !== undefined) {
      this.#hasMedia = false;
      this.shared.media.switchOff();
      this.shared.ids.reseed(seed);
    }
    this.shared.people = new People();
    for (const line of this.lines) line.resetNumber();
  }

  #nextSerial(): string {
    for (let serial = this.lines.length + 1; ; serial += 1) {
      const [id, display] = [`3${String(serial).padStart(14, '0')}`, `52155${String(serial).padStart(8, '0')}`];
      if (!this.lines.some(({ identity }) => identity.phoneNumberId === id || identity.displayPhoneNumber === display))
        return String(serial);
    }
  }
}
