import { Injectable } from '@nestjs/common';
import type { Dialog360Client } from '#dialog360/dialog360.client.js';
import type { WebhookConfig } from '#dialog360/number-reading.js';
import { type BusinessNumber, type ForwardTarget, keyDigestOf } from '#identity/numbers/business-number.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { NumberSealService } from '#identity/numbers/number-seal.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import type { Pinning } from '#identity/numbers/second-number.js';
import { Clock } from '#kernel/clock.js';
import { Problem, type ProblemCode } from '#kernel/problem.js';
import { type Secret, sha256 } from '#kernel/secret.js';
import type { Tx } from '#store/store.js';
import { ForwardTargetsService } from '../forward-targets.service.js';
import { NumberEventsService } from '../number-events.service.js';
import type { GivenSettings } from '../shown/number.view.js';
import { RegistrationsService } from '../webhook/registrations.service.js';
import { newWebhookToken } from '../webhook/webhook-token.js';
import { KeyTrialService, type NamedByKey } from './key-trial.service.js';

/** A number to add, as the client asks for it. */
export interface NewNumber {
  apiKey: Secret;
  name: string | null;
  reference: string | null;
  forward: ForwardTarget | null;
  settings: GivenSettings;
  /** `null` to register nothing; else which other webhook may be replaced. */
  registration: { replaces: string | null } | null;
  /** Missing for a number that is added by its key. */
  adopted?: AdoptedChannel;
}

/** The channel of a partner whose number is added. */
export interface AdoptedChannel {
  channelId: string;
  clientId: string | null;
  /** In the transaction that keeps the number. */
  within: (tx: Tx) => Promise<void>;
}

/** A number that was added. */
export interface AddedNumber extends Pinning {
  number: BusinessNumber;
  /** What is to be registered by hand; null when it is registered. */
  register: WebhookConfig | null;
  /** Why it could not be registered. */
  problem: ProblemCode | null;
  /** What was registered at 360dialog before; null when it could not be read. */
  present: WebhookConfig | null;
}

/** What 360dialog says of a number that is to be added. */
interface Surveyed extends NamedByKey {
  displayPhoneNumber: string | null;
  present: WebhookConfig | null;
}

/** Adds numbers by their keys. */
@Injectable()
export class NewNumbersService {
  constructor(
    private readonly numbers: NumbersService,
    private readonly trial: KeyTrialService,
    private readonly seal: NumberSealService,
    private readonly registrations: RegistrationsService,
    private readonly targets: ForwardTargetsService,
    private readonly events: NumberEventsService,
    private readonly clock: Clock,
  ) {}

  /**
   * Asks 360dialog of which number the key is, and keeps it. After a refusal nothing is kept.
   * @throws Problem `insufficient_scope` for a key that is limited to some numbers, `secrets_key_missing`, `number_key_rejected`, `number_exists`, `webhook_occupied`,
   *   `upstream_unavailable`, and while the number of the environment is not known the reason for that
   */
  async add(by: NumberReach, wanted: NewNumber): Promise<AddedNumber> {
    await this.assertMayAdd(by);
    if (wanted.forward) await this.targets.require(wanted.forward);
    const surveyed = await this.trial.try(wanted.apiKey, (named, line) => this.#survey(wanted, named, line));
    const token = newWebhookToken();
    const pinning = await this.#keep(wanted, surveyed, token);
    const { phoneNumberId, present } = surveyed;
    const register = this.registrations.ours(phoneNumberId, token);
    const problem = wanted.registration && (await this.#register(phoneNumberId, wanted.registration));
    const isDone = wanted.registration !== null && problem === null;
    // The registry may not have read it yet, when the database failed right after the commit.
    const number = this.numbers.byId(phoneNumberId) ?? (await this.numbers.find(phoneNumberId));
    if (!number) throw new Problem('number_removing', { params: { phone_number_id: phoneNumberId } });
    return { number, ...pinning, register: isDone ? null : register, problem, present };
  }

  /**
   * Whether numbers can be added, and by whom.
   * @throws Problem `insufficient_scope`, `secrets_key_missing`, and while the number of the environment is not known the reason for that
   */
  async assertMayAdd(by: NumberReach): Promise<void> {
    if (by.numbers !== null) throw new Problem('insufficient_scope', { params: { scope: 'numbers:admin' } });
    await this.#requireFirst();
    this.seal.requireKey();
  }

  /** The first number is that of the environment: another added before it would take its place. */
  async #requireFirst(): Promise<void> {
    if (!this.numbers.environment) await this.numbers.prover.find();
    if (!this.numbers.environment) throw this.numbers.prover.reason ?? new Problem('upstream_unavailable');
  }

  async #survey({ registration, adopted }: NewNumber, named: NamedByKey, line: Dialog360Client): Promise<Surveyed> {
    const { phoneNumberId } = named;
    if (await this.numbers.find(phoneNumberId)) throw new Problem('number_exists', { extra: { phone_number_id: phoneNumberId } });
    const shown = await line.readDisplayNumber().catch(nullOnRefusal);
    const reading = line.readWebhookConfig();
    const present = await (registration ? reading : reading.catch(nullOnRefusal));
    // The key of an adopted channel is made by now: what stands in the way of its webhook is said with the number.
    if (registration && present && !adopted) this.registrations.assertReplaceable(present, phoneNumberId, registration.replaces);
    const isSame = shown?.id === null || shown?.id === phoneNumberId;
    return { ...named, present, displayPhoneNumber: isSame ? (shown?.digits ?? null) : null };
  }

  #keep(wanted: NewNumber, surveyed: Surveyed, token: string): Promise<Pinning> {
    const { phoneNumberId, wabaId, portfolioId, displayPhoneNumber } = surveyed;
    const { name, reference, forward, adopted } = wanted;
    const shown = {
      phoneNumberId,
      wabaId,
      portfolioId,
      displayPhoneNumber,
      name,
      reference,
      source: adopted ? 'partner' : 'api',
      state: 'active',
    } as const;
    const { phoneNumberId: _id, ...row } = { ...shown, channelId: adopted?.channelId ?? null, clientId: adopted?.clientId ?? null };
    const secrets = {
      sealedApiKey: this.seal.seal(wanted.apiKey.reveal(), 'sealed_api_key', phoneNumberId),
      keyDigest: keyDigestOf(phoneNumberId, wanted.apiKey),
      webhookTokenDigest: sha256(token),
      sealedWebhookToken: this.seal.seal(token, 'sealed_webhook_token', phoneNumberId),
      forward: forward && this.seal.seal(JSON.stringify(forward), 'forward', phoneNumberId),
    };
    const given = { ...row, ...secrets, keyAcceptedAt: this.clock.now(), settings: JSON.stringify(wanted.settings) };
    return this.numbers.addNew(phoneNumberId, given, async (tx, others) => {
      const pinning = others[0] === undefined ? { pinned: [], exempt: [] } : await this.numbers.pin(tx, others[0]);
      await this.events.added(tx, shown);
      await adopted?.within(tx);
      return pinning;
    });
  }

  async #register(phoneNumberId: string, { replaces }: { replaces: string | null }): Promise<ProblemCode | null> {
    const number = this.numbers.byId(phoneNumberId);
    try {
      if (number) await this.registrations.register(number, { replaces, dryRun: false });
      return null;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return error.code;
    }
  }
}

/** What is good to know and not needed. */
function nullOnRefusal(error: unknown): null {
  if (error instanceof Problem) return null;
  throw error;
}
