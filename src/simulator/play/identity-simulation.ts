import { type IdentityForm, identityWebhook } from '#simulator/webhooks/identity-webhooks.js';
import type { SimulatedUser } from '#simulator/world/user.js';
import type { SimulatorContext } from './context.js';

/** Users who go on under other ids. What Meta keeps about them goes with them. */
export class IdentitySimulation {
  #changes = 0;

  constructor(private readonly context: SimulatorContext) {}

  /** The user has another number, as bare digits, and with it another BSUID. */
  changeNumber(user: SimulatedUser, waId: string, form: IdentityForm = 'previous'): void {
    this.#change(user, { waId, userId: this.context.users.newUserId(waId) }, form);
  }

  /** The user has another BSUID; the number is hidden from now on. */
  changeUserId(user: SimulatedUser, userId: string | null = null, form: IdentityForm = 'previous'): void {
    this.#changes += 1;
    this.#change(user, { waId: null, userId: userId ?? `MX.9${String(this.#changes).padStart(19, '0')}` }, form);
  }

  #change(user: SimulatedUser, present: { waId: string | null; userId: string }, form: IdentityForm): void {
    const { clock, ids, number, journal } = this.context;
    const former = { waId: user.waId, userId: user.userId, parentUserId: user.parentUserId };
    Object.assign(user, present);
    // Whoever dials the former id reaches somebody else, or nobody.
    if (user.id === former.waId || user.id === former.userId) user.id = present.waId ?? present.userId;
    journal.note(`${user.name} goes on as ${present.waId ?? present.userId}`, user.id);
    this.context.send(identityWebhook(number, user, former, ids.wamid(), form, clock.now()), user.id);
  }
}
