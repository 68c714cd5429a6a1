import { type IdentityForm, identityWebhook, type UserAddresses } from '#simulator/webhooks/identity-webhooks.js';
import type { SimulatedPerson } from '#simulator/world/people.js';
import type { SimulatedUser, Users } from '#simulator/world/user.js';
import type { SimulatorContext } from './context.js';

/** Users who go on under other ids. What Meta keeps about them goes with them. */
export class IdentitySimulation {
  #changes = 0;

  constructor(private readonly context: SimulatorContext) {}

  /** The person has another number, as bare digits, and with it another BSUID. Every number hears of it. */
  changeNumber({ person }: SimulatedUser, waId: string, form: IdentityForm = 'previous'): void {
    this.#change(person, waId, (users) => users.newUserId(waId), form);
  }

  /** The person has another BSUID; the number is hidden from now on. */
  changeUserId({ person }: SimulatedUser, userId: string | null = null, form: IdentityForm = 'previous'): void {
    this.#change(person, null, (users) => (users === this.context.users ? userId : null) ?? this.#anotherUserId(), form);
  }

  #anotherUserId(): string {
    this.#changes += 1;
    return `MX.9${String(this.#changes).padStart(19, '0')}`;
  }

  #change(person: SimulatedPerson, waId: string | null, userIdFor: (users: Users) => string, form: IdentityForm): void {
    const contexts = this.context.all();
    const formers = contexts.map(({ users }) => addressesOf(users.of(person)));
    const ids = new Map<string, string>();
    for (const { users, number } of contexts) ids.set(number.portfolio.id, ids.get(number.portfolio.id) ?? userIdFor(users));
    const own = ids.get(this.context.number.portfolio.id) ?? null;
    // Whoever dials the former id reaches somebody else, or nobody.
    if (formers.some((former) => person.id === former.waId || person.id === former.userId)) person.id = waId ?? own ?? person.id;
    person.waId = waId;
    for (const [portfolioId, userId] of ids) person.userIds.set(portfolioId, userId);
    contexts.forEach((context, index) => {
      report(context, context.users.of(person), formers[index] ?? NOBODY, form);
    });
  }
}

const NOBODY: UserAddresses = { waId: null, userId: null, parentUserId: null };
const addressesOf = ({ waId, userId, parentUserId }: SimulatedUser): UserAddresses => ({ waId, userId, parentUserId });

function report(context: SimulatorContext, user: SimulatedUser, former: UserAddresses, form: IdentityForm): void {
  const { clock, ids, number, journal } = context;
  journal.note(`${user.name} goes on as ${user.waId ?? user.userId}`, user.id);
  context.send(identityWebhook(number, user, former, ids.wamid(), form, clock.now()), user.id);
}
