import { randomBytes } from 'node:crypto';
import { type Clock, SECOND } from '#kernel/clock.js';
import type { SimulatedApp } from './graph/app.js';
import { AppDelivery } from './graph/app-delivery.js';
import { CallActions } from './meta/call-actions.js';
import { Messages } from './meta/messages.js';
import { NumberSettings } from './meta/number-settings.js';
import { PermissionState } from './meta/permission-state.js';
import { Pages } from './phone/pages.js';
import { Phones } from './phone/phones.js';
import { SharedMedia } from './phone/shared-media.js';
import { CallSimulation } from './play/call-simulation.js';
import type { SimulatorContext } from './play/context.js';
import { IdentitySimulation } from './play/identity-simulation.js';
import { MessageSimulation } from './play/message-simulation.js';
import { PermissionSimulation } from './play/permission-simulation.js';
import { Traffic } from './traffic/traffic.js';
import { capabilityWebhook } from './webhooks/account-webhooks.js';
import { envelope, type WebhookFault } from './webhooks/change.js';
import { SimulatedDelivery } from './webhooks/delivery.js';
import { Origins } from './webhooks/origins.js';
import { type WebhookOutlet, WebhookSender } from './webhooks/webhook-sender.js';
import type { RequestFault } from './wire/faults.js';
import { Agenda } from './world/agenda.js';
import { Calls } from './world/call.js';
import { MovableClock } from './world/clock.js';
import { FaultQueue } from './world/fault-queue.js';
import { Ids } from './world/ids.js';
import { Journal } from './world/journal.js';
import { type NumberIdentity, SimulatedNumber, type SimulatedPortfolio } from './world/number.js';
import { People } from './world/people.js';
import { PREDEFINED_USERS } from './world/predefined-users.js';
import { Users } from './world/user.js';

/** What the lines of all numbers share. */
export class SharedWorld {
  readonly ids: Ids;
  people = new People();
  readonly pages = new Pages();
  readonly media = new SharedMedia();
  /** Origins to which deliveries may go. */
  readonly origins: Origins;
  /** Every line, the first one first. */
  readonly lines: SimulatedLine[] = [];

  constructor(
    /** The clock that those of all lines follow. */
    readonly clock: Clock,
    seed: string | undefined,
    webhookOrigins: readonly string[],
    /** The app at Meta to which all numbers belong. */
    readonly app: SimulatedApp,
  ) {
    this.ids = new Ids(seed);
    this.origins = new Origins(webhookOrigins);
  }
}

/** The number of a line. */
export interface LineOptions {
  apiKey: string;
  identity: NumberIdentity;
  portfolio: SimulatedPortfolio;
}

/**
 * One number at the simulated 360dialog: its key, clock, faults, history, webhook, calls, and what Meta keeps about each person with it.
 * Nothing happens by itself before `begin`: until then, and with a stopped clock, `tick()` runs what is due. It sends nothing anywhere but
 * to the registered webhook.
 */
export class SimulatedLine {
  apiKey: string;
  readonly identity: NumberIdentity;
  readonly portfolio: SimulatedPortfolio;
  readonly clock: MovableClock;
  readonly agenda: Agenda;
  readonly requestFaults = new FaultQueue<RequestFault>(({ operation }) => operation);
  readonly webhookFaults = new FaultQueue<WebhookFault>(({ webhook }) => webhook);
  readonly delivery: SimulatedDelivery;
  /** To the subscription of the app at Meta. */
  readonly appDelivery: AppDelivery;
  /** Carries real media once the simulator has started. */
  readonly phones: Phones;
  readonly pages: Pages;
  /** The history of the business with all other users, and the replay of its days. */
  readonly traffic: Traffic;
  context: SimulatorContext;
  calls: CallActions;
  permissions: PermissionState;
  messages: Messages;
  settings: NumberSettings;
  callSimulation: CallSimulation;
  permissionSimulation: PermissionSimulation;
  messageSimulation: MessageSimulation;
  identitySimulation: IdentitySimulation;
  readonly #journal: Journal;
  #greetingPending = false;

  constructor(
    protected readonly shared: SharedWorld,
    { apiKey, identity, portfolio }: LineOptions,
  ) {
    this.apiKey = apiKey;
    this.identity = identity;
    this.portfolio = portfolio;
    this.clock = new MovableClock(shared.clock);
    this.agenda = new Agenda(this.clock);
    this.#journal = new Journal(this.clock);
    this.pages = shared.pages;
    this.phones = new Phones(this.clock, shared.ids, shared.media);
    this.delivery = new SimulatedDelivery(this.clock, this.agenda, this.#journal);
    this.appDelivery = new AppDelivery(this.clock, this.agenda, this.#journal, shared.app);
    const isFirst = shared.lines.length === 0;
    const past = isFirst ? ({ history: 'growing', seed: '' } as const) : ({ history: 'none', seed: identity.phoneNumberId } as const);
    this.traffic = new Traffic(() => this.context, this.delivery, this.clock.now(), past);
    shared.lines.push(this);
    this.build();
  }

  /** The predefined users write as soon as a webhook is registered. */
  begin(): void {
    this.#greetingPending = true;
    this.#greetIfPending();
  }

  /** Stops the clock, the calls, the replay and every delivery. It cannot begin again. */
  end(): void {
    this.agenda.clear();
    this.phones.hangUpAll();
    this.traffic.close();
    for (const delivery of this.#deliveries) delivery.close();
  }

  /** Makes another key; 360dialog takes the one before no more. @returns the new one */
  renewKey(): string {
    this.apiKey = newKey();
    this.#journal.note('the number has another key', 'number');
    return this.apiKey;
  }

  /** Whether a request may register this webhook: the simulator delivers to its own gateway only, unless its host names others. */
  mayRegister(url: string): boolean {
    return this.shared.origins.include(new URL(url));
  }

  /** Where deliveries go from now on, with the headers that are replayed on each; the host may name any origin. */
  registerWebhook(url: string, headers: Record<string, string> = {}): void {
    this.shared.origins.add(new URL(url));
    this.delivery.target = { url, headers };
    this.#journal.note('a webhook was registered', 'number');
    this.#greetIfPending();
  }

  /** Runs everything of this number that is due. @returns how many things happened */
  tick(): number {
    return this.agenda.tick();
  }

  /** Moves the clock of this number on; all that becomes due happens at its own time. @returns how many things happened */
  advance(ms: number): number {
    this.clock.move(ms);
    return this.tick();
  }

  /** Resolves when nothing is due and no delivery is on its way. */
  async settle(): Promise<void> {
    do {
      this.tick();
      await this.idle();
    } while (this.agenda.nextAt() !== null && Number(this.agenda.nextAt()) <= this.clock.now());
  }

  /** Resolves when no delivery is on its way any more. */
  async idle(): Promise<void> {
    await Promise.all(this.#deliveries.map((delivery) => delivery.idle()));
  }

  /**
   * Moves the clock on from event to event, and waits after each until its webhooks have been delivered, so that what consumers do about
   * them happens at the moment of the event.
   */
  async walk(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    for (let at = this.agenda.nextAt(); at !== null && at <= end; at = this.agenda.nextAt()) {
      this.clock.move(Math.max(0, at - this.clock.now()));
      await this.settle();
    }
    this.clock.move(Math.max(0, end - this.clock.now()));
    await this.settle();
  }

  /** Every predefined user with `greets` writes to this number again, which opens the 24 h window. @returns their names */
  greet(): string[] {
    const greeting = PREDEFINED_USERS.filter(({ greets }) => greets).map(({ id }) => id);
    const users = this.context.users.all().filter(({ id }) => greeting.includes(id));
    users.forEach((user, index) => {
      this.agenda.plan(SECOND / 2 + index * 100, user.id, `${user.name} writes`, () =>
        this.messageSimulation.write(user, `Hello, this is ${user.name}.`),
      );
    });
    return users.map(({ name }) => name);
  }

  /** Resets calls, faults, plans and what the number keeps about people; key, clock, webhook and loaded history stay. */
  resetNumber(): void {
    this.agenda.clear();
    for (const delivery of this.#deliveries) delivery.drop();
    this.phones.hangUpAll();
    this.requestFaults.clear();
    this.webhookFaults.clear();
    this.build();
  }

  get #deliveries() {
    return [this.delivery, this.appDelivery];
  }

  #outlets(): WebhookOutlet[] {
    const { delivery, appDelivery } = this;
    // Without a webhook at 360dialog it is dropped there, which the journal notes unless the app at Meta receives it.
    const isOfMetaAlone = (): boolean => delivery.target === null && appDelivery.target !== null;
    return [
      { delivery, write: (entryId, change) => (isOfMetaAlone() ? null : JSON.stringify(envelope(entryId, change))) },
      { delivery: appDelivery, write: (entryId, change) => appDelivery.write(entryId, change) },
    ];
  }

  #greetIfPending(): void {
    if (!this.#greetingPending || !this.delivery.target) return;
    this.#greetingPending = false;
    this.greet();
  }

  protected build(): void {
    const { ids, people, pages, lines } = this.shared;
    const { portfolio } = this;
    const { tier } = portfolio;
    const number = this.traffic.applyHistory(new SimulatedNumber(portfolio, this.identity), this.clock.now());
    // A number that joins a portfolio changes nothing of its limit.
    if (lines.find((line) => line.portfolio === portfolio) !== this) number.tier = tier;
    const sender = new WebhookSender(number, this.agenda, this.webhookFaults, this.#outlets());
    this.context = {
      clock: this.clock,
      agenda: this.agenda,
      ids,
      journal: this.#journal,
      number,
      users: predefined(new Users(people, portfolio.id), this.clock.now()),
      calls: new Calls(),
      phones: this.phones,
      pages,
      all: () => lines.map(({ context }) => context),
      sendLimit: () => {
        for (const { context } of lines.filter((line) => line.portfolio === portfolio))
          context.send(capabilityWebhook(context.number), null);
      },
      send: (change, user) => sender.send(change, user),
    };
    this.permissionSimulation = new PermissionSimulation(this.context);
    this.messageSimulation = new MessageSimulation(this.context);
    this.identitySimulation = new IdentitySimulation(this.context);
    this.callSimulation = new CallSimulation(this.context, this.permissionSimulation);
    this.calls = new CallActions(this.context, this.callSimulation);
    this.permissions = new PermissionState(this.context);
    this.messages = new Messages(this.context, this.messageSimulation, this.permissionSimulation);
    this.settings = new NumberSettings(this.context);
  }
}

/** A key in the form of 360dialog's: long and random. */
export const newKey = (): string => `sim_${randomBytes(24).toString('base64url')}`;

/** The predefined users, made when the simulator does not know them yet; most have written to the number before the start. */
function predefined(users: Users, now: number): Users {
  for (const { greets, ...member } of PREDEFINED_USERS) {
    const user = users.all().find(({ id }) => id === member.id) ?? users.add(member);
    user.permission = member.permission ?? null;
    if (greets) user.wroteAt = now;
  }
  return users;
}
