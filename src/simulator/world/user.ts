import { isBsuid, phoneDigits } from '#kernel/wa-id.js';
import { FIRST_PORTFOLIO, People, SimulatedPerson } from './people.js';
import type { Script } from './script.js';

/** A permission to call: `until` is null for a permanent one. */
export interface SimulatedPermission {
  kind: 'temporary' | 'permanent';
  /** Ms since 1970. */
  until: number | null;
}

/** A permission request on the phone. */
interface OpenRequest {
  wamid: string;
  /** Ms since 1970. */
  at: number;
  /** What the business wrote; null for a template. */
  text: string | null;
  /** A refused request can still be granted, and the other way round. */
  answered: boolean;
}

/** A person as one number knows them: who they are, and what Meta keeps about the pair of this person and the number. */
export class SimulatedUser {
  permission: SimulatedPermission | null = null;
  /** The newest permission request that can still be answered. */
  openRequest: OpenRequest | null = null;
  /** When permission was asked; emptied by any connected call. */
  askedAt: number[] = [];
  /** When calls of the business were picked up. */
  connectedAt: number[] = [];
  /** Calls of the business in a row that were not picked up. */
  unanswered = 0;
  /** When WhatsApp last reminded this person to answer or to withdraw permission. */
  nudgedAt: number | null = null;
  /** Who answers this person: the Meta Business Agent, until any message of the business takes the thread. */
  thread: 'business' | 'agent' = 'business';
  /** The start of the 24 h in which free-form messages may be sent. */
  wroteAt: number | null = null;

  constructor(
    readonly person: SimulatedPerson,
    private readonly people: People,
    private readonly portfolioId: string,
  ) {}

  get id(): string {
    return this.person.id;
  }

  get name(): string {
    return this.person.name;
  }

  get role(): string {
    return this.person.role;
  }

  get waId(): string | null {
    return this.person.waId;
  }

  /** The BSUID that the portfolio of the number sees. */
  get userId(): string | null {
    return this.people.userIdOf(this.person, this.portfolioId);
  }

  set userId(userId: string | null) {
    this.person.userIds.set(this.portfolioId, userId);
  }

  get parentUserId(): string | null {
    return this.person.parentUserId;
  }

  set parentUserId(id: string | null) {
    this.person.parentUserId = id;
  }

  get username(): string | null {
    return this.person.username;
  }

  get bsuidAsNumber(): boolean {
    return this.person.bsuidAsNumber;
  }

  get script(): Script {
    return this.person.script;
  }
}

/** A user to add: what is missing gets a default. */
export type NewUser = Pick<SimulatedPerson, 'name' | 'role'> &
  Partial<Pick<SimulatedPerson, 'id' | 'waId' | 'parentUserId' | 'username'>> & {
    userId?: string | null;
    permission?: SimulatedPermission | null;
    script?: Partial<Script>;
  };

/** WhatsApp writes Mexican and Argentinian mobiles with their extra digit. */
const waIdOf = (digits: string): string => {
  if (/^52[2-9]\d{9}$/.test(digits)) return `521${digits.slice(2)}`;
  return /^54[1-8]\d{9}$/.test(digits) ? `549${digits.slice(2)}` : digits;
};

/** All people as one number knows them, found by handle, by any form of the phone number, or by BSUID. */
export class Users {
  readonly #known = new Map<SimulatedPerson, SimulatedUser>();

  /** @param portfolioId the portfolio of the number, which decides the BSUIDs that it sees */
  constructor(
    private readonly people = new People(),
    private readonly portfolioId = FIRST_PORTFOLIO,
  ) {}

  all(): readonly SimulatedUser[] {
    return this.people.all().map((person) => this.of(person));
  }

  /** What this number knows of a person. */
  of(person: SimulatedPerson): SimulatedUser {
    const known = this.#known.get(person);
    if (known) return known;
    const user = new SimulatedUser(person, this.people, this.portfolioId);
    this.#known.set(person, user);
    return user;
  }

  add({ id, name, role, waId = null, userId = null, permission = null, script, parentUserId, username }: NewUser): SimulatedUser {
    const person = this.people.add(new SimulatedPerson(id ?? waId ?? userId ?? name.toLowerCase(), name, role, waId));
    if (userId !== null) person.userIds.set(this.portfolioId, userId);
    Object.assign(person, { parentUserId: parentUserId ?? null, username: username ?? null });
    Object.assign(person.script, script);
    const user = this.of(person);
    user.permission = permission;
    // The user that is met first has the first BSUID of a phone number.
    void user.userId;
    return user;
  }

  /** A BSUID that no user has or had. */
  newUserId(waId: string): string {
    return this.people.newUserId(waId, this.portfolioId);
  }

  /** @param id a handle, a phone number in any form, or a BSUID */
  find(id: string): SimulatedUser | undefined {
    const person = this.people.find(id, this.portfolioId);
    return person && this.of(person);
  }

  /** Finds, or makes a friendly person of any valid phone or BSUID; `undefined` for anything else. */
  meet(id: string): SimulatedUser | undefined {
    const known = this.find(id);
    if (known) return known;
    const role = 'Unknown until now: grants, answers and hangs up as everybody does.';
    if (isBsuid(id)) return this.add({ name: `User ${id.slice(-4)}`, role, userId: id, username: `user.${id.slice(-4).toLowerCase()}` });
    const digits = phoneDigits(id);
    return digits === undefined ? undefined : this.add({ name: `User ${digits.slice(-4)}`, role, waId: waIdOf(digits) });
  }
}
