import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { numberLock, type Reader, Store } from '#store/store.js';
import type { BusinessNumber } from './numbers/business-number.js';
import { NumberCache } from './numbers/number-cache.service.js';
import type { NumberReach } from './numbers/number-reach.js';
import { NumbersService } from './numbers/numbers.service.js';
import { PeopleService } from './people.service.js';
import { type Identifiers, type Person, type PersonKey, unkeptPerson } from './person.js';

/** The number that calls and the person who is called. */
export interface Callee {
  number: BusinessNumber;
  person: Person;
}

/** Finds both ends of an outbound call. */
@Injectable()
export class CalleesService {
  constructor(
    private readonly numbers: NumbersService,
    private readonly cache: NumberCache,
    private readonly people: PeopleService,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** The person with these identifiers, created when new. @throws Problem `unknown_number`, `upstream_unavailable` */
  async named(by: NumberReach, user: Identifiers, phoneNumberId?: string): Promise<Callee> {
    const number = await this.numbers.require(by, phoneNumberId);
    const person = await this.store.write(
      (tx) => this.people.named(tx, number.phoneNumberId, user, 'caller'),
      [numberLock(number.phoneNumberId)],
    );
    return { number, person };
  }

  /** As `named`, to be shown: somebody who is not known is not created, and has an id that no row has. */
  async shown(by: NumberReach, user: Identifiers, phoneNumberId?: string): Promise<Callee> {
    const number = await this.numbers.require(by, phoneNumberId);
    const known = await this.people.known(number.phoneNumberId, user);
    return { number, person: known ?? unkeptPerson(number.phoneNumberId, user, this.clock.now()) };
  }

  /** As `named`, for a command that reaches the user. @throws Problem also while the number of the API key is not proven, or `user_unreachable` */
  async addressed(by: NumberReach, user: Identifiers, phoneNumberId?: string): Promise<Callee> {
    await this.numbers.requireProven(by, phoneNumberId);
    return reachable(await this.named(by, user, phoneNumberId));
  }

  /**
   * Refuses a number that was paused meanwhile, or is being removed, also when another replica did so just now. Under the lock of the number it
   * stays so until the commit.
   * @throws Problem `number_paused`, `number_removing`
   */
  async assertInUse({ phoneNumberId }: Pick<BusinessNumber, 'phoneNumberId'>, reader: Reader = this.store.read): Promise<void> {
    const state = (await this.cache.stateOf(reader, phoneNumberId)) ?? 'active';
    if (state !== 'active') throw new Problem(CLOSED[state], { params: { phone_number_id: phoneNumberId } });
  }

  /** A known person, before a dial. @throws Problem `unknown_number`, `upstream_unavailable`, `user_unreachable` */
  async known(by: NumberReach, key: PersonKey): Promise<Callee> {
    const number = await this.numbers.requireProven(by, key.phoneNumberId);
    const person = (await this.people.byKeys([key])).get(key.personId);
    if (!person) throw new Error(`no person is known as ${key.personId}`);
    return reachable({ number, person });
  }
}

const CLOSED = { paused: 'number_paused', removing: 'number_removing' } as const;

/** @throws Problem `user_unreachable` for a person whose only number is another's now */
function reachable(callee: Callee): Callee {
  const { waId, userId, parentUserId } = callee.person;
  if (waId ?? userId ?? parentUserId) return callee;
  throw new Problem('user_unreachable');
}
