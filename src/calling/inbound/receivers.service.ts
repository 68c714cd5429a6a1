import { Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { sha256 } from '#kernel/secret.js';
import { isStoreFault } from '#store/store-fault.js';
import { Log } from '#telemetry/log.js';

/** The number whose token a delivery carries. */
export interface Receiver {
  /** Null while the number of the environment is not known. */
  phoneNumberId: string | null;
  /** Whether it is the number of the environment. */
  isOfEnvironment: boolean;
  /** Ends the validity of the token before, once the new one was seen; null when there is nothing to end. */
  seen: (() => void) | null;
}

/**
 * Finds the number of a delivery: its token says which, and where its path names one, too, it must be the same. Tokens are compared by
 * their digests, which reveal nothing of each other.
 */
@Injectable()
export class ReceiversService {
  /** The numbers of which the token before is being ended: a flood of deliveries with the new one asks the database once. */
  readonly #retiring = new Set<string>();

  constructor(
    private readonly numbers: NumbersService,
    private readonly settings: Settings,
    private readonly log: Log,
  ) {}

  /** As far as this process knows. @param named the number in the path; undefined for the path of all */
  known(token: string, named: string | undefined): Receiver | null {
    const digest = sha256(token);
    const number = this.numbers.ofKnownToken(digest);
    if (number) return isOf(number.phoneNumberId, named) ? this.#receiver(number.phoneNumberId, number.source, digest) : null;
    if (this.numbers.environment || !isOf(this.numbers.configured, named)) return null;
    // Every token is compared, so that the response time does not depend on which one nearly matches.
    const fits = this.settings.dialog360.webhookTokens.map((one) => one.equals(token));
    return fits.includes(true) ? { phoneNumberId: null, isOfEnvironment: true, seen: null } : null;
  }

  /** As `known`, and asks the database before it says that there is none: another replica may have added the number. @throws a fault of the store */
  async find(token: string, named: string | undefined): Promise<Receiver | null> {
    const known = this.known(token, named);
    if (known) return known;
    await this.numbers.refreshAfterMiss();
    return this.known(token, named);
  }

  #receiver(phoneNumberId: string, source: string, digest: string): Receiver {
    const isOfEnvironment = source === 'environment';
    const digests = isOfEnvironment ? [] : (this.numbers.byId(phoneNumberId)?.webhookTokenDigests ?? []);
    const isNew = digests.length > 1 && digests[0] === digest;
    return { phoneNumberId, isOfEnvironment, seen: isNew ? () => void this.#retire(phoneNumberId, digest) : null };
  }

  async #retire(phoneNumberId: string, digest: string): Promise<void> {
    if (this.#retiring.has(phoneNumberId)) return;
    this.#retiring.add(phoneNumberId);
    try {
      await this.numbers.newTokenSeen(phoneNumberId, digest);
    } catch (error) {
      // The next delivery tries again.
      if (isStoreFault(error)) return;
      this.log.pino.warn({ event: 'numbers.token_not_retired', error }, 'the webhook token before could not be ended');
    } finally {
      this.#retiring.delete(phoneNumberId);
    }
  }
}

const isOf = (phoneNumberId: string | null, named: string | undefined): boolean =>
  named === undefined || phoneNumberId === null || phoneNumberId === named;
