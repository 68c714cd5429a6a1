import { isBsuid, phoneDigits, phoneKey } from '#kernel/wa-id.js';
import { bsuidOf } from './ids.js';
import { Script } from './script.js';

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

/** A person with WhatsApp on a phone, and what Meta keeps about the pair of this person and the number. */
export class SimulatedUser {
  parentUserId: string | null = null;
  username: string | null = null;
  /** The BSUID stands in the members of webhooks that are made for numbers, and in no other. */
  bsuidAsNumber = false;
  readonly script = new Script();
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
  /** The start of the 24 h in which free-form messages may be sent. */
  wroteAt: number | null = null;

  /**
   * @param id the handle of the control API: the first name of a predefined user, else the phone or the BSUID
   * @param role how this user behaves, in one sentence
   * @param waId null for a user with a BSUID alone
   */
  constructor(
    public id: string,
    public name: string,
    public role: string,
    public waId: string | null,
    public userId: string | null,
  ) {}
}

/** A user to add: what is missing gets a default. */
export type NewUser = Pick<SimulatedUser, 'name' | 'role'> &
  Partial<Pick<SimulatedUser, 'id' | 'waId' | 'userId' | 'parentUserId' | 'username' | 'permission'>> & { script?: Partial<Script> };

/** WhatsApp writes Mexican and Argentinian mobiles with their extra digit. */
const waIdOf = (digits: string): string => {
  if (/^52[2-9]\d{9}$/.test(digits)) return `521${digits.slice(2)}`;
  return /^54[1-8]\d{9}$/.test(digits) ? `549${digits.slice(2)}` : digits;
};

/** All simulated users, found by handle, by any form of the phone number, or by BSUID. */
export class Users {
  readonly #users: SimulatedUser[] = [];
  readonly #userIds = new Set<string>();

  all(): readonly SimulatedUser[] {
    return this.#users;
  }

  add({ id, name, role, waId = null, userId = waId === null ? null : this.newUserId(waId), script, ...known }: NewUser): SimulatedUser {
    const user = new SimulatedUser(id ?? waId ?? userId ?? name.toLowerCase(), name, role, waId, userId);
    Object.assign(user, known);
    Object.assign(user.script, script);
    this.#users.push(user);
    return user;
  }

  /** A BSUID that nobody has or had: who takes a number over gets another than its former holder. */
  newUserId(waId: string): string {
    let turn = 1;
    while (this.#userIds.has(bsuidOf(waId, turn))) turn += 1;
    const userId = bsuidOf(waId, turn);
    this.#userIds.add(userId);
    return userId;
  }

  /** @param id a handle, a phone number in any form, or a BSUID */
  find(id: string): SimulatedUser | undefined {
    const digits = phoneDigits(id);
    const key = digits === undefined ? null : phoneKey(digits);
    return this.#users.find(
      (user) =>
        user.id === id ||
        user.userId === id ||
        user.parentUserId === id ||
        (key !== null && user.waId !== null && phoneKey(user.waId) === key),
    );
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
