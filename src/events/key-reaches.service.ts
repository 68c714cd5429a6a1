import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Principal } from '#access/authorization/principal.js';
import { PrincipalsService } from '#access/sessions/principals.service.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { SECOND } from '#kernel/clock.js';
import { WakeUpLoop } from '#kernel/wake-up-loop.js';

/** How often this process reads what keys reach: a stream that lost a number or its key ends within a second, whichever process took it. */
const READ_EVERY_MS = SECOND / 2;

/** What the key of an open stream reaches, as it was last read. */
export interface LiveReach extends NumberReach {
  /** Undefined when it is sure that an event of this number is within reach, or is not. @throws while the database cannot be read */
  confirm(phoneNumberId: string | null): Promise<void> | undefined;
}

interface Held {
  keyId: string;
  numbers: readonly string[] | null;
  /** How often a number had been taken from the key when the stream began; null before the first reading. */
  revision: number | null;
  end: () => void;
}

/**
 * What the keys of open streams reach. A key that reaches every number may be limited to the one that it had in the transaction that adds a
 * second number. So the first event of each number waits until the keys were read after it: a stream hears no event that its key does
 * not reach, however late this process learns of the change.
 */
@Injectable()
export class KeyReachesService {
  readonly #held = new Set<Held>();
  /** Numbers of which an event was there before the last reading began. */
  readonly #heard = new Set<string>();
  readonly #asked = new Set<string>();
  #fault: unknown = null;
  readonly #loop = new WakeUpLoop(
    () => this.#read(),
    (error) => {
      this.#fault = error;
    },
  );

  constructor(private readonly principals: PrincipalsService) {}

  /** What a caller reaches from now on. @param end is called when the key is deleted, or loses a number */
  hold({ keyId, numbers }: Principal, end: () => void): { reach: LiveReach; release: () => void } {
    const held: Held = { keyId, numbers, end, revision: null };
    this.#held.add(held);
    const confirm = (phoneNumberId: string | null) => (this.#isSure(held, phoneNumberId) ? undefined : this.#confirm(phoneNumberId));
    const reach: LiveReach = {
      get numbers() {
        return held.numbers;
      },
      confirm,
    };
    return { reach, release: () => void this.#held.delete(held) };
  }

  /** Whether the principal of a stream is still valid. */
  isInForce(caller: Principal): Promise<boolean> {
    return this.principals.isInForce(caller);
  }

  /** Reads what the keys reach; while the database fails, it stays as it was. */
  @Interval(READ_EVERY_MS)
  async look(): Promise<void> {
    await this.#loop.wake();
  }

  #isSure({ numbers, revision }: Held, phoneNumberId: string | null): boolean {
    return numbers !== null || (revision !== null && phoneNumberId !== null && this.#heard.has(phoneNumberId));
  }

  async #confirm(phoneNumberId: string | null): Promise<void> {
    if (phoneNumberId !== null) this.#asked.add(phoneNumberId);
    await this.#loop.wake();
    if (this.#fault !== null) throw this.#fault;
  }

  async #read(): Promise<boolean> {
    const [asked, held] = [[...this.#asked], [...this.#held]];
    if (held.length === 0) return false;
    const found = await this.principals.reachesOf([...new Set(held.map(({ keyId }) => keyId))]);
    this.#fault = null;
    for (const one of held) {
      const now = found.get(one.keyId);
      if (!now || (one.revision !== null && one.revision !== now.revision)) one.end();
      else Object.assign(one, now);
    }
    for (const number of asked) {
      this.#heard.add(number);
      this.#asked.delete(number);
    }
    return false;
  }
}
