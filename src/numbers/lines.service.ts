import { Injectable } from '@nestjs/common';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import { Dialog360Service } from '#dialog360/dialog360.service.js';
import type { LineProof } from '#dialog360/line-proof.js';
import { portfolioIn } from '#dialog360/number-reading.js';
import { type BusinessNumber, keyDigestOf } from '#identity/numbers/business-number.js';
import type { NumberProver } from '#identity/numbers/number-prover.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { EnvironmentNumberService } from './environment-number.service.js';
import { KeyProof } from './key-proof.js';
import { Lines } from './lines.js';
import { OtherNumber } from './other-number.js';

/** Finds the line of a number by its id, and gives it the proof that its key is the one of this number. */
@Injectable()
export class LinesService extends Lines implements NumberProver {
  constructor(
    private readonly numbers: NumbersService,
    private readonly dialog360: Dialog360Service,
    private readonly environment: EnvironmentNumberService,
    private readonly clock: Clock,
  ) {
    super();
    numbers.prover = this;
    numbers.onChanged((ids) => {
      for (const id of ids) if (!numbers.byId(id)) dialog360.end(id);
    });
  }

  /** The line of a number. One of a number that is not ours, or of which the key is not known, refuses everything and sends nothing. */
  of(phoneNumberId: string): Dialog360Client {
    const number = this.numbers.byId(phoneNumberId);
    return this.dialog360.of(number ?? { phoneNumberId, apiKey: null }, () => (number ? this.#proofOf(number) : OF_NOBODY));
  }

  /** @throws Problem `number_unproven`, `upstream_unavailable`, `upstream_key_rejected`, `other_number` */
  async assertProven({ phoneNumberId }: Pick<BusinessNumber, 'phoneNumberId'>): Promise<void> {
    await this.of(phoneNumberId).proof.assertProven();
  }

  /** Whether the key of a number is proven to be its own. */
  async isProven(number: Pick<BusinessNumber, 'phoneNumberId'>): Promise<boolean> {
    try {
      await this.assertProven(number);
      return true;
    } catch (error) {
      if (error instanceof Problem) return false;
      throw error;
    }
  }

  /** Finds the number of the environment while it is not known. */
  async find(): Promise<void> {
    await this.environment.find();
  }

  /** Why no number of the environment is known. */
  get reason(): Problem | null {
    return this.environment.reason;
  }

  /** The configured number whose key 360dialog refuses. */
  get declared(): BusinessNumber | null {
    return this.environment.declared;
  }

  #proofOf({ source, phoneNumberId, apiKey }: BusinessNumber): LineProof {
    if (apiKey === null) return OF_NOBODY;
    if (source === 'environment') return this.environment.proof;
    const keyDigest = keyDigestOf(phoneNumberId, apiKey);
    // What was under way when the key was replaced ends later: it says nothing of the present one.
    const isPresent = () => this.numbers.byId(phoneNumberId)?.apiKey?.equals(apiKey.reveal()) === true;
    return new KeyProof({
      readHealth: () => this.of(phoneNumberId).readHealth(),
      isKept: async () => this.numbers.byId(phoneNumberId)?.keyDigest === keyDigest,
      check: async () => undefined,
      take: async (health, isNamed) => {
        const { phoneNumberId: named } = health;
        if (named === null) return false;
        if (named !== phoneNumberId)
          throw new OtherNumber(`The key of number ${phoneNumberId} is that of number ${named}`, named, phoneNumberId);
        await this.numbers.learn(phoneNumberId, { portfolioId: portfolioIn(health) });
        const isRejected = this.numbers.byId(phoneNumberId)?.keyRejectedAt != null;
        if (isPresent() && (!isNamed || isRejected))
          await this.numbers.change(phoneNumberId, { keyDigest, keyAcceptedAt: this.clock.now(), keyRejectedAt: null });
        return true;
      },
      refused: () => {
        if (isPresent()) this.numbers.keyRefused(phoneNumberId);
      },
    });
  }
}

/** Nothing is sent for a number that is not ours. */
const OF_NOBODY: LineProof = {
  assertProven: async () => {
    throw new Problem('number_unproven', { params: { message: 'no key' } });
  },
  observe: async () => undefined,
};
