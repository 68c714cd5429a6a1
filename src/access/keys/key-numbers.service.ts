import { Injectable } from '@nestjs/common';
import { IdempotencyService } from '#access/idempotency/idempotency.service.js';
import { invalidField } from '#api-conventions/invalid-field.js';
import type { NumberReach } from '#identity/numbers/number-reach.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import type { Tx } from '#store/store.js';
import { ApiKeysStore } from './api-keys.store.js';

/** The numbers that a key shall reach; null for all, undefined when the request does not say. */
export type WantedNumbers = readonly string[] | null | undefined;

/** Which numbers a key may reach: never more than the key that decides on it. */
@Injectable()
export class KeyNumbersService {
  /** Held while a key is made, since a number that is added meanwhile would decide otherwise. */
  readonly lock = NumbersService.LOCK;

  constructor(
    private readonly keys: ApiKeysStore,
    private readonly numbers: NumbersService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /**
   * @throws Problem `invalid_request` for all numbers, unless `by` reaches all; `unknown_number` for one that `by` does not reach, as for
   * one that does not exist
   */
  async check(by: NumberReach, wanted: WantedNumbers): Promise<void> {
    if (wanted === null && by.numbers !== null) {
      throw invalidField(
        'numbers',
        'must be a list: your key is limited to some numbers',
        'debe ser una lista: su clave está limitada a algunos números',
      );
    }
    for (const id of wanted ?? []) await this.numbers.require(by, id);
  }

  /**
   * The list of a new key. It may be left out while the gateway has one number.
   * @throws Problem `invalid_request` that names `numbers`
   */
  async of(tx: Tx, by: NumberReach, wanted: WantedNumbers): Promise<string[] | null> {
    if (wanted !== undefined) return wanted && [...wanted];
    if ((await this.numbers.count(tx)) <= 1) return by.numbers && [...by.numbers];
    throw invalidField(
      'numbers',
      'must be given: a list of ids of your numbers, or null for all numbers, later ones too',
      'es obligatorio: una lista de identificadores de sus números, o null para todos, también los que se agreguen después',
    );
  }

  /** Writes the list of a key. @param isTaken whether the key loses a number */
  async change(tx: Tx, id: string, numbers: readonly string[] | null, isTaken: boolean): Promise<void> {
    await this.keys.limit(tx, id, numbers, isTaken);
    if (isTaken) await this.idempotency.disown(tx, id);
  }
}
