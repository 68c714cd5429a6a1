import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { PartnerClient } from '#compliance/sources/partner.client.js';
import { EVERY_NUMBER, type NumberReach } from '#identity/numbers/number-reach.js';
import { Backoff, JITTER } from '#kernel/backoff.js';
import { Clock, MINUTE, SECOND } from '#kernel/clock.js';
import { newId } from '#kernel/id.js';
import { Problem } from '#kernel/problem.js';
import { parseJson, record, text } from '#kernel/read.js';
import { Secret } from '#kernel/secret.js';
import { SecretsService } from '#secrets/secrets.service.js';
import { Store, type Tx } from '#store/store.js';
import { isStoreFault } from '#store/store-fault.js';
import { type AddedNumber, NewNumbersService } from '../adding/new-numbers.service.js';
import { AdoptionsStore, type AdoptionTurn, type UnfinishedAdoption } from './adoptions.store.js';
import { OwnChannelsService } from './own-channels.service.js';

/** How an adoption was asked for. */
export interface WantedAdoption {
  /** The client's word that every earlier key of the channel may be revoked. */
  revokesKeys: boolean;
  /** `null` to register nothing; else which other webhook may be replaced. */
  registration: { replaces: string | null } | null;
}

/** Longer than the requests of an attempt take. */
const TURN_MS = 2 * MINUTE;
const BACKOFF = new Backoff({ firstMs: SECOND / 4, longestMs: 10 * SECOND, spread: JITTER });
const KEEP_ATTEMPTS = 8;

/**
 * Adopts channels of the partner: makes a key, and adds the number. That a key is being made is kept before it is asked for, and the key before anything is
 * done with it, so that a crash loses no key that was received. One that was made and not received is reported, and no other key is made without
 * the client's word.
 */
@Injectable()
export class AdoptionsService {
  constructor(
    private readonly adoptions: AdoptionsStore,
    private readonly partner: PartnerClient,
    private readonly added: NewNumbersService,
    private readonly own: OwnChannelsService,
    private readonly secrets: SecretsService,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /**
   * Adopts a channel. A key that an earlier attempt has made is used; another is made only with `revokesKeys`.
   * @throws Problem `insufficient_scope`, `partner_not_configured`, `would_revoke_keys`, `not_found`, `number_exists`, `adoption_in_progress`,
   *   `partner_permission_denied`, `channel_key_unknown`, and as `NewNumbersService.add`
   */
  async adopt(by: NumberReach, channelId: string, wanted: WantedAdoption): Promise<AddedNumber> {
    await this.added.assertMayAdd(by);
    if (!this.partner.configured) throw new Problem('partner_not_configured');
    const begun = await this.adoptions.find(this.store.read, channelId);
    if (begun?.state === 'made') return this.finish(begun, wanted.registration);
    if (!wanted.revokesKeys) throw new Problem('would_revoke_keys');
    const channel = await this.own.find(channelId);
    await this.own.assertNotOurs(channel);
    return this.finish(await this.#make(channelId, channel.clientId, wanted), wanted.registration);
  }

  /** The adoptions that have not kept their number, the oldest first. */
  unfinished(): Promise<UnfinishedAdoption[]> {
    return this.adoptions.all(this.store.read);
  }

  /** Whether an attempt may be under way. */
  isHeld({ heldUntil }: UnfinishedAdoption): boolean {
    return heldUntil > this.clock.now();
  }

  /**
   * Keeps the number of a key that was made.
   * @param registration how the webhook is to be registered now; what the adoption was asked for when left out
   * @throws Problem `adoption_in_progress`, and as `NewNumbersService.add`; the key stays kept
   */
  async finish({ channelId }: UnfinishedAdoption, registration?: WantedAdoption['registration']): Promise<AddedNumber> {
    const turn = this.#turn();
    const { sealedApiKey, clientId, request } = await this.#take(channelId, turn);
    try {
      const apiKey = new Secret(this.secrets.open(sealedApiKey, placeOf(channelId)));
      const within = (tx: Tx) => this.adoptions.end(tx, channelId, turn.holder);
      const adopted = { channelId, clientId, within };
      const wanted = { apiKey, name: null, reference: null, forward: null, settings: {}, adopted };
      return await this.added
        .add(EVERY_NUMBER, { ...wanted, registration: registration === undefined ? registrationIn(request) : registration })
        .catch((error) => this.own.rekeyed(error, apiKey, within));
    } catch (error) {
      const fault = error instanceof Problem ? error.code : 'internal_error';
      await this.store.write((tx) => this.adoptions.release(tx, channelId, turn.holder, fault));
      throw error;
    }
  }

  /** @returns the adoption with its key */
  async #make(channelId: string, clientId: string | null, { registration }: WantedAdoption): Promise<UnfinishedAdoption> {
    const turn = this.#turn();
    await this.#begin(channelId, clientId, turn, JSON.stringify({ registration }));
    try {
      const { apiKey } = await this.partner.makeKey(channelId);
      const sealed = this.secrets.seal(apiKey.reveal(), placeOf(channelId));
      // The turn ends here: `finish` takes one of its own.
      await this.#keepKey(channelId, { holder: turn.holder, heldUntil: 0 }, sealed);
    } catch (error) {
      const isUnknown = !(error instanceof Problem) || error.code === 'channel_key_unknown';
      const end = (tx: Tx) =>
        isUnknown
          ? this.adoptions.release(tx, channelId, turn.holder, 'channel_key_unknown')
          : this.adoptions.end(tx, channelId, turn.holder);
      await this.store.write(end);
      throw error;
    }
    const made = await this.adoptions.find(this.store.read, channelId);
    if (!made) throw new Problem('adoption_in_progress');
    return made;
  }

  /** Tries again after faults of the store: no other process has this key. */
  async #keepKey(channelId: string, turn: AdoptionTurn, sealed: string): Promise<void> {
    for (let failures = 1; ; failures += 1) {
      try {
        await this.store.write((tx) => this.adoptions.keepKey(tx, channelId, turn, sealed));
        return;
      } catch (error) {
        if (!isStoreFault(error) || failures === KEEP_ATTEMPTS) throw error;
        await pause(BACKOFF.delayMs(failures, Math.random()), undefined, { ref: false });
      }
    }
  }

  /** Notes that a key is being made; of several at once one. */
  #begin(channelId: string, clientId: string | null, { holder, heldUntil }: AdoptionTurn, request: string): Promise<void> {
    const now = this.clock.now();
    return this.#locked(channelId, async (tx, begun) => {
      if (begun && (this.isHeld(begun) || begun.state === 'made')) throw new Problem('adoption_in_progress');
      const row = { channel_id: channelId, client_id: clientId, holder, held_until: heldUntil, begun_at: now, request };
      await this.adoptions.begin(tx, { ...row, state: 'making', sealed_api_key: null, fault: null });
    });
  }

  /** Takes the turn at a key that was made. */
  #take(channelId: string, turn: AdoptionTurn): Promise<UnfinishedAdoption & { sealedApiKey: string }> {
    return this.#locked(channelId, async (tx, begun) => {
      const sealedApiKey = begun?.sealedApiKey ?? null;
      if (!begun || sealedApiKey === null || this.isHeld(begun)) throw new Problem('adoption_in_progress');
      await this.adoptions.take(tx, channelId, turn);
      return { ...begun, sealedApiKey };
    });
  }

  #locked<T>(channelId: string, work: (tx: Tx, begun: UnfinishedAdoption | null) => Promise<T>): Promise<T> {
    return this.store.write(async (tx) => work(tx, await this.adoptions.find(tx, channelId)), [`adoption:${channelId}`]);
  }

  #turn(): AdoptionTurn {
    return { holder: newId('adp'), heldUntil: this.clock.now() + TURN_MS };
  }
}

const placeOf = (channelId: string) => ({ table: 'adoptions', column: 'sealed_api_key', id: channelId }) as const;

/** What the request has asked for; nothing when it cannot be read. */
function registrationIn(request: string): WantedAdoption['registration'] {
  const kept = record(record(parseJson(request))?.registration);
  return kept ? { replaces: text(kept.replaces) ?? null } : null;
}
