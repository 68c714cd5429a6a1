import { type Clock, SECOND } from '#kernel/clock.js';
import { CallActions } from './meta/call-actions.js';
import { Messages } from './meta/messages.js';
import { NumberSettings } from './meta/number-settings.js';
import { PermissionState } from './meta/permission-state.js';
import { Pages } from './phone/pages.js';
import { Phones } from './phone/phones.js';
import { CallSimulation } from './play/call-simulation.js';
import type { SimulatorContext } from './play/context.js';
import { IdentitySimulation } from './play/identity-simulation.js';
import { MessageSimulation } from './play/message-simulation.js';
import { PermissionSimulation } from './play/permission-simulation.js';
import { Traffic } from './traffic/traffic.js';
import type { WebhookFault } from './webhooks/change.js';
import { SimulatedDelivery } from './webhooks/delivery.js';
import { WebhookSender } from './webhooks/webhook-sender.js';
import type { RequestFault } from './wire/faults.js';
import { Agenda } from './world/agenda.js';
import { Calls } from './world/call.js';
import { MovableClock } from './world/clock.js';
import { FaultQueue } from './world/fault-queue.js';
import { Ids } from './world/ids.js';
import { Journal } from './world/journal.js';
import { SimulatedNumber } from './world/number.js';
import { PREDEFINED_USERS } from './world/predefined-users.js';
import { Users } from './world/user.js';

interface SimulatorOptions {
  clock: Clock;
  /** The `D360-API-KEY` that requests must carry. */
  apiKey: string;
  /** Makes ids and SDP repeatable. */
  seed?: string;
  /** Where a webhook may be registered over HTTP, beside the origin that the host itself registers. */
  webhookOrigins?: readonly string[];
}

const TICK_MS = 50;

/**
 * A simulated 360dialog, Meta and set of WhatsApp users. Nothing happens by itself before `start()`: until then, and with a
 * stopped clock, `tick()` runs what is due. It sends nothing anywhere but to the registered webhook.
 */
export class Simulator {
  readonly apiKey: string;
  readonly clock: MovableClock;
  readonly agenda: Agenda;
  readonly requestFaults = new FaultQueue<RequestFault>(({ operation }) => operation);
  readonly webhookFaults = new FaultQueue<WebhookFault>(({ webhook }) => webhook);
  readonly delivery: SimulatedDelivery;
  /** Carries real media from `start` on. */
  readonly phones: Phones;
  readonly pages = new Pages();
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
  /** Origins to which deliveries may go. */
  readonly #origins: Set<string>;
  readonly #ids: Ids;
  readonly #journal: Journal;
  #timer: NodeJS.Timeout | null = null;
  #greetingPending = false;

  constructor({ clock, apiKey, seed, webhookOrigins = [] }: SimulatorOptions) {
    this.apiKey = apiKey;
    this.#origins = new Set(webhookOrigins.flatMap((origin) => (URL.canParse(origin) ? new URL(origin).origin : [])));
    this.clock = new MovableClock(clock);
    this.agenda = new Agenda(this.clock);
    this.#ids = new Ids(seed);
    this.#journal = new Journal(this.clock);
    this.phones = new Phones(this.clock, this.#ids);
    this.delivery = new SimulatedDelivery(this.clock, this.agenda, this.#journal);
    this.traffic = new Traffic(() => this.context, this.delivery, this.clock.now());
    this.#build();
  }

  /** Runs by itself from now on, and phones carry real media. The predefined users write as soon as a webhook is registered. */
  start(): void {
    this.phones.switchOn();
    this.#timer ??= setInterval(() => this.tick(), TICK_MS).unref();
    this.#greetingPending = true;
    this.#greetIfPending();
  }

  /** Stops the clock, the phones, the replay and every delivery. It cannot start again. */
  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.agenda.clear();
    this.phones.close();
    this.traffic.close();
    this.delivery.close();
  }

  /** Whether a request may register this webhook: the simulator delivers to its own gateway only, unless its host names others. */
  mayRegister(url: string): boolean {
    return this.#origins.has(new URL(url).origin);
  }

  /** Where deliveries go from now on, with the headers that are replayed on each; the host may name any origin. */
  registerWebhook(url: string, headers: Record<string, string> = {}): void {
    this.#origins.add(new URL(url).origin);
    this.delivery.target = { url, headers };
    this.#journal.note('a webhook was registered', 'number');
    this.#greetIfPending();
  }

  /** Runs everything that is due. @returns how many things happened */
  tick(): number {
    return this.agenda.tick();
  }

  /** Moves the simulator's clock on; all that becomes due happens at its own time. @returns how many things happened */
  advance(ms: number): number {
    this.clock.move(ms);
    return this.tick();
  }

  /** Resolves when nothing is due and no delivery is on its way. */
  async settle(): Promise<void> {
    do {
      this.tick();
      await this.delivery.idle();
    } while (this.agenda.nextAt() !== null && Number(this.agenda.nextAt()) <= this.clock.now());
  }

  /** Every predefined user with `greets` writes again, which opens the 24 h window. @returns their names */
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

  /** Resets users, calls, faults and plans; the clock, the registered webhook and the loaded history stay. */
  reset(): void {
    this.agenda.clear();
    this.phones.hangUpAll();
    this.requestFaults.clear();
    this.webhookFaults.clear();
    this.#build();
  }

  #greetIfPending(): void {
    if (!this.#greetingPending || !this.delivery.target) return;
    this.#greetingPending = false;
    this.greet();
  }

  #build(): void {
    const number = this.traffic.applyHistory(new SimulatedNumber(), this.clock.now());
    const users = new Users();
    for (const { greets, ...member } of PREDEFINED_USERS) {
      const user = users.add(member);
      if (greets) user.wroteAt = this.clock.now();
    }
    const sender = new WebhookSender(number, this.agenda, this.webhookFaults, this.delivery);
    this.context = {
      clock: this.clock,
      agenda: this.agenda,
      ids: this.#ids,
      journal: this.#journal,
      number,
      users,
      calls: new Calls(),
      phones: this.phones,
      pages: this.pages,
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
