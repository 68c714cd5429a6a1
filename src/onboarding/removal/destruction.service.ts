import { Injectable } from '@nestjs/common';
import type { BusinessNumber } from '#identity/numbers/business-number.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock } from '#kernel/clock.js';
import { Problem, type ProblemCode } from '#kernel/problem.js';
import { NumberErasureService } from '#privacy/erasure/number-erasure.service.js';
import { Log } from '#telemetry/log.js';
import { NumberEventsService } from '../number-events.service.js';
import { RegistrationsService } from '../webhook/registrations.service.js';

/** These pass by themselves, so the webhook is tried again. After any other refusal the number goes without its webhook being restored. */
const PASSING: ReadonlySet<ProblemCode> = new Set([
  'upstream_unavailable',
  'upstream_error',
  'upstream_busy',
  'upstream_circuit_open',
  'upstream_unreadable',
  'outcome_unknown',
  'rate_limited',
]);

/** The end of a number: its webhook is given back, then nothing is left that could act for it. */
@Injectable()
export class DestructionService {
  constructor(
    private readonly numbers: NumbersService,
    private readonly registrations: RegistrationsService,
    private readonly erasure: NumberErasureService,
    private readonly events: NumberEventsService,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** @returns whether the webhook is as it can be left; false to try again */
  async restoreWebhook(number: BusinessNumber): Promise<boolean> {
    try {
      await this.registrations.restore(number);
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const passes = PASSING.has(error.code) || (error.code === 'number_unproven' && number.apiKey !== null && !isRefusal(error));
      const { phoneNumberId: number_id } = number;
      const facts = { code: error.code, number: number_id, again: passes };
      if (error.code !== 'webhook_not_replaced')
        this.log.pino.warn({ event: 'numbers.webhook_not_restored', ...facts }, 'The webhook of a number that is removed was not restored');
      return !passes;
    }
  }

  /** Deletes what is to go, destroys the secrets, and publishes the removal with that. */
  async destroy({ phoneNumberId, removal }: BusinessNumber): Promise<void> {
    if (removal?.erases) await this.erasure.erase(phoneNumberId);
    try {
      await this.numbers.alter(phoneNumberId, async (tx, row) => {
        if (row.state !== 'removing') return { change: {}, result: undefined };
        await this.events.removed(tx, row);
        return { change: { ...WITHOUT_SECRETS, removal: null, removedAt: this.clock.now() }, result: undefined };
      });
    } catch (error) {
      // Another replica was first.
      if (!(error instanceof Problem && error.code === 'unknown_number')) throw error;
    }
  }
}

const isRefusal = ({ upstream }: Problem): boolean => upstream !== null && upstream.status < 500;

const WITHOUT_SECRETS = {
  sealedApiKey: null,
  keyDigest: null,
  webhookTokenDigest: null,
  previousWebhookTokenDigest: null,
  sealedWebhookToken: null,
  replacedWebhook: null,
  forward: null,
} as const;
