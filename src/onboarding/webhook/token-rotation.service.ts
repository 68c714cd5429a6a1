import { Injectable } from '@nestjs/common';
import { bearerToken } from '#access/keys/api-key.js';
import type { WebhookConfig } from '#dialog360/number-reading.js';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { NumberSealService } from '#identity/numbers/number-seal.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Problem, type ProblemCode } from '#kernel/problem.js';
import { sha256 } from '#kernel/secret.js';
import { Lines } from '#numbers/lines.js';
import { NumberEventsService } from '../number-events.service.js';
import { RegistrationsService, refuseEnvironment } from './registrations.service.js';
import { newWebhookToken } from './webhook-token.js';

/** A new token, as it is to be registered. */
export interface RotatedToken {
  /** Null when it is registered. */
  register: WebhookConfig | null;
  /** Why it is not, though the webhook is ours. */
  problem: ProblemCode | null;
}

/** Replaces the token of a number's webhooks: the one that 360dialog sends now stays valid until a delivery has carried the new one. */
@Injectable()
export class TokenRotationService {
  constructor(
    private readonly numbers: NumbersService,
    private readonly seal: NumberSealService,
    private readonly registrations: RegistrationsService,
    private readonly events: NumberEventsService,
    private readonly lines: Lines,
  ) {}

  /** @throws Problem `environment_number`, `secrets_key_missing`; and when 360dialog cannot be asked while an earlier rotation lasts */
  async rotate(number: BusinessNumber): Promise<RotatedToken> {
    const { phoneNumberId } = number;
    refuseEnvironment(number);
    this.seal.requireKey();
    const present = await this.#present(number);
    const token = newWebhookToken();
    const sentNow = bearerToken(present.config?.headers.Authorization);
    await this.numbers.alter(phoneNumberId, async (tx, row) => {
      await this.events.changed(tx, row, ['webhook_token']);
      const valid = [row.webhookTokenDigest, row.previousWebhookTokenDigest];
      const inForce = sentNow === undefined ? null : (valid.find((digest) => digest === sha256(sentNow)) ?? null);
      const change = {
        webhookTokenDigest: sha256(token),
        previousWebhookTokenDigest: inForce ?? row.webhookTokenDigest,
        sealedWebhookToken: this.seal.seal(token, 'sealed_webhook_token', phoneNumberId),
      };
      return { change, result: undefined };
    });
    const register = this.registrations.ours(phoneNumberId, token);
    if (!present.config) return { register, problem: present.problem };
    if (!this.registrations.isOurs(present.config, phoneNumberId)) return { register, problem: null };
    try {
      await this.registrations.registerNewest(phoneNumberId);
      return { register: null, problem: null };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { register, problem: error.code };
    }
  }

  /** What is registered now. While two tokens are valid, a third would end one that may be in force. */
  async #present(number: BusinessNumber): Promise<{ config: WebhookConfig | null; problem: ProblemCode | null }> {
    try {
      return { config: await this.lines.of(number.phoneNumberId).readWebhookConfig(), problem: null };
    } catch (error) {
      if (!(error instanceof Problem) || number.webhookTokenDigests.length > 1) throw error;
      return { config: null, problem: error.code };
    }
  }
}
