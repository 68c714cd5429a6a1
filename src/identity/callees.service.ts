import { Injectable } from '@nestjs/common';
import { numberLock, Store } from '#store/store.js';
import { NumbersService } from './numbers.service.js';
import type { OurNumber } from './our-number.js';
import { PeopleService } from './people.service.js';
import type { Naming, Person } from './person.js';

/** From which number, and whom. */
export interface Callee {
  number: OurNumber;
  person: Person;
}

/** Both ends of a call that we want to make. */
@Injectable()
export class CalleesService {
  constructor(
    private readonly numbers: NumbersService,
    private readonly people: PeopleService,
    private readonly store: Store,
  ) {}

  /** Whom a caller named, made when new. @throws Problem `unknown_number`, `upstream_unavailable` */
  async named(user: Naming, phoneNumberId?: string): Promise<Callee> {
    const number = await this.numbers.require(phoneNumberId);
    const person = await this.store.write((tx) => this.people.named(tx, user, 'caller'), [numberLock(number.phoneNumberId)]);
    return { number, person };
  }

  /** As `named`, for a command that reaches the user. @throws Problem also while it is not known whose key the gateway has */
  async addressed(user: Naming, phoneNumberId?: string): Promise<Callee> {
    await this.numbers.requireProven(phoneNumberId);
    return this.named(user, phoneNumberId);
  }

  /** The user of a call that is about to be dialled. @throws Problem `unknown_number`, `upstream_unavailable` */
  async known(personId: string, phoneNumberId: string): Promise<Callee> {
    const number = await this.numbers.requireProven(phoneNumberId);
    const person = (await this.people.byIds([personId])).get(personId);
    if (!person) throw new Error(`nobody is known as ${personId}`);
    return { number, person };
  }
}
