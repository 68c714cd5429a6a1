import { DAY, SECOND } from '#kernel/clock.js';
import { handoverWebhook, type MessageProgress, messageStatusWebhook, textWebhook } from '#simulator/webhooks/message-webhooks.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import type { SimulatorContext } from './context.js';

/** Messages in both directions: what the user writes, and how far those of the business come. */
export class MessageSimulation {
  constructor(private readonly context: SimulatorContext) {}

  /** The user writes, and the 24 h window opens. */
  write(user: SimulatedUser, body: string): void {
    const { clock, ids, number } = this.context;
    user.wroteAt = clock.now();
    this.context.send(textWebhook(number, user, ids.wamid(), body, clock.now()), user.id);
  }

  /** The thread goes to the Meta Business Agent, or back to the business. */
  handOver(user: SimulatedUser, to: SimulatedUser['thread']): void {
    const { clock, number } = this.context;
    user.thread = to;
    this.context.send(handoverWebhook(number, user, clock.now()), user.id);
  }

  /** A message of the business leaves: sent, delivered and read, or failed on a client that is too old. */
  sent(user: SimulatedUser, category: MessageProgress['category'], needsNewClient: boolean): string {
    const { clock, ids } = this.context;
    user.thread = 'business';
    const message = { wamid: ids.wamid(), category, conversation: ids.hex(32), until: clock.now() + DAY };
    this.#progress(user, { ...message, status: 'sent' }, 0.1);
    if (needsNewClient && user.script.old_client) {
      this.#progress(user, { ...message, status: 'failed' }, 0.5);
      return message.wamid;
    }
    this.#progress(user, { ...message, status: 'delivered' }, 0.4);
    this.#progress(user, { ...message, status: 'read' }, 1);
    return message.wamid;
  }

  #progress(user: SimulatedUser, progress: MessageProgress, afterSeconds: number): void {
    const { agenda, clock, number } = this.context;
    agenda.plan(afterSeconds * SECOND, user.id, `the message to ${user.name} is ${progress.status}`, () => {
      this.context.send(messageStatusWebhook(number, user, progress, clock.now()), user.id);
    });
  }
}
