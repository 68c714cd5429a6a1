import { createHash } from 'node:crypto';
import { phoneDigits, phoneKey } from '#kernel/wa-id.js';
import { bsuidOf } from './ids.js';
import { Script } from './script.js';

/** Someone with WhatsApp on a phone, whatever business they deal with. */
export class SimulatedPerson {
  parentUserId: string | null = null;
  username: string | null = null;
  /** The BSUID stands in the members of webhooks that are made for numbers, and in no other. */
  bsuidAsNumber = false;
  readonly script = new Script();
  /** The BSUID by portfolio: Meta gives each business another one. */
  readonly userIds = new Map<string, string | null>();

  /**
   * @param id the handle of the control API: the first name of a predefined user, else the phone or the BSUID
   * @param role how this person behaves, in one sentence
   * @param waId null for a person with a BSUID alone
   */
  constructor(
    public id: string,
    public name: string,
    public role: string,
    public waId: string | null,
  ) {}
}

/** The people that all numbers share. */
export class People {
  readonly #people: SimulatedPerson[] = [];
  readonly #userIds = new Set<string>();

  all(): readonly SimulatedPerson[] {
    return this.#people;
  }

  add(person: SimulatedPerson): SimulatedPerson {
    this.#people.push(person);
    return person;
  }

  /** @param id a handle, a phone number in any form, or a BSUID of this portfolio */
  find(id: string, portfolioId: string): SimulatedPerson | undefined {
    const digits = phoneDigits(id);
    const key = digits === undefined ? null : phoneKey(digits);
    return this.#people.find(
      (person) =>
        person.id === id ||
        this.userIdOf(person, portfolioId) === id ||
        person.parentUserId === id ||
        (key !== null && person.waId !== null && phoneKey(person.waId) === key),
    );
  }

  /** The BSUID of a person for a portfolio, made when it meets them for the first time. */
  userIdOf(person: SimulatedPerson, portfolioId: string): string | null {
    const known = person.userIds.get(portfolioId);
    if (known !== undefined) return known;
    const userId = person.waId === null ? scoped(person.id, portfolioId) : this.newUserId(person.waId, portfolioId);
    person.userIds.set(portfolioId, userId);
    return userId;
  }

  /** A BSUID that no user has or had: who takes a number over gets another than its former holder. */
  newUserId(waId: string, portfolioId: string): string {
    const make = (turn: number): string => (portfolioId === FIRST_PORTFOLIO ? bsuidOf(waId, turn) : scoped(`${waId}:${turn}`, portfolioId));
    let turn = 1;
    while (this.#userIds.has(make(turn))) turn += 1;
    this.#userIds.add(make(turn));
    return make(turn);
  }
}

/** The portfolio of the first number: its BSUIDs show the phone number, so that examples can name them. */
export const FIRST_PORTFOLIO = '100000000000001';

/** 20 digits that follow from a person and a portfolio. */
function scoped(what: string, portfolioId: string): string {
  const hash = BigInt(`0x${createHash('sha256').update(`${portfolioId}:${what}`).digest('hex')}`);
  return `MX.8${String(hash % 10n ** 19n).padStart(19, '0')}`;
}
