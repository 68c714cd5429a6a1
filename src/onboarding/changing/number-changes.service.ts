import { Injectable } from '@nestjs/common';
import { type BusinessNumber, type ForwardTarget, keyDigestOf } from '#identity/numbers/business-number.js';
import { NumberSealService } from '#identity/numbers/number-seal.service.js';
import { type KeptNumber, type NumberChange, NumbersService } from '#identity/numbers/numbers.service.js';
import { Clock } from '#kernel/clock.js';
import { Problem } from '#kernel/problem.js';
import { parseJson, record } from '#kernel/read.js';
import type { Secret } from '#kernel/secret.js';
import { KeyTrialService } from '../adding/key-trial.service.js';
import { ForwardTargetsService } from '../forward-targets.service.js';
import { NumberEventsService } from '../number-events.service.js';
import type { GivenSettings } from '../shown/number.view.js';
import { refuseEnvironment } from '../webhook/registrations.service.js';

/** What is to change; what is undefined stays. */
export interface WantedChange {
  name?: string | null | undefined;
  reference?: string | null | undefined;
  state?: 'active' | 'paused' | undefined;
  apiKey?: Secret | undefined;
  forward?: ForwardTarget | null | undefined;
  settings?: GivenSettings | undefined;
}

/** Changes numbers. */
@Injectable()
export class NumberChangesService {
  constructor(
    private readonly numbers: NumbersService,
    private readonly trial: KeyTrialService,
    private readonly seal: NumberSealService,
    private readonly targets: ForwardTargetsService,
    private readonly events: NumberEventsService,
    private readonly clock: Clock,
  ) {}

  /**
   * A new key is first proven to be of the same number.
   * @throws Problem `environment_number`, `number_removing`, `other_number`, `number_key_rejected`, `secrets_key_missing`, `upstream_unavailable`
   */
  async change(number: BusinessNumber, wanted: WantedChange): Promise<BusinessNumber> {
    const { phoneNumberId } = number;
    assertStays(number);
    const { apiKey, forward } = wanted;
    if (apiKey !== undefined || forward !== undefined) refuseEnvironment(number);
    if (apiKey || forward) this.seal.requireKey();
    if (forward) await this.targets.require(forward);
    if (apiKey) await this.#prove(phoneNumberId, apiKey);
    await this.numbers.alter(phoneNumberId, async (tx, row) => {
      assertStays(row);
      const change = this.#changeOf(row, wanted);
      const changed = [...changedMembers(row, change), ...(apiKey ? ['api_key'] : [])];
      if (changed.length > 0) await this.events.changed(tx, { ...row, ...change } as KeptNumber, changed);
      return { change, result: undefined };
    });
    const after = this.numbers.byId(phoneNumberId);
    if (!after) throw new Problem('not_found');
    return after;
  }

  async #prove(phoneNumberId: string, apiKey: Secret): Promise<void> {
    await this.trial.try(apiKey, async (named) => {
      if (named.phoneNumberId === phoneNumberId) return;
      throw new Problem('other_number', { params: { named: named.phoneNumberId, expected: phoneNumberId } });
    });
  }

  #changeOf(row: KeptNumber, { name, reference, state, apiKey, forward, settings }: WantedChange): NumberChange {
    const { phoneNumberId } = row;
    const key = apiKey && {
      sealedApiKey: this.seal.seal(apiKey.reveal(), 'sealed_api_key', phoneNumberId),
      keyDigest: keyDigestOf(phoneNumberId, apiKey),
      keyAcceptedAt: this.clock.now(),
      keyRejectedAt: null,
    };
    return {
      ...(name === undefined ? {} : { name }),
      ...(reference === undefined ? {} : { reference }),
      ...(state === undefined ? {} : { state }),
      ...(forward === undefined ? {} : { forward: forward && this.seal.seal(JSON.stringify(forward), 'forward', phoneNumberId) }),
      ...(settings === undefined ? {} : { settings: JSON.stringify({ ...record(parseJson(row.settings ?? '')), ...settings }) }),
      ...key,
    };
  }
}

/** Members of the API that a change may change. A seal is another each time, so a target of forwarding counts as changed. */
const MEMBERS = ['name', 'reference', 'state', 'forward', 'settings'] as const;

const changedMembers = (row: KeptNumber, change: NumberChange): string[] =>
  MEMBERS.filter((name) => change[name] !== undefined && change[name] !== row[name]);

function assertStays({ state, phoneNumberId }: Pick<KeptNumber, 'state' | 'phoneNumberId'>): void {
  if (state === 'removing') throw new Problem('number_removing', { params: { phone_number_id: phoneNumberId } });
}
