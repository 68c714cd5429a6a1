import { Injectable } from '@nestjs/common';
import { parseJson, record, text } from '#kernel/read.js';
import { Secret } from '#kernel/secret.js';
import { SecretsService } from '#secrets/secrets.service.js';
import { Log } from '#telemetry/log.js';
import { NumberCache } from './number-cache.service.js';

/** The columns of a number that are sealed. */
type SealedNumberColumn = 'sealed_api_key' | 'sealed_webhook_token' | 'replaced_webhook' | 'forward';

/** An address with the headers of what is posted to it. */
export interface SealedTarget {
  url: string;
  headers: Record<string, string>;
}

/** Seals the secrets of a number for its row and opens them. */
@Injectable()
export class NumberSealService {
  constructor(
    private readonly secrets: SecretsService,
    cache: NumberCache,
    private readonly log: Log,
  ) {
    cache.openKey = (sealed, phoneNumberId) => this.#openOrNull(sealed, 'sealed_api_key', phoneNumberId);
    cache.openForward = (sealed, phoneNumberId) => this.#openOrNull(sealed, 'forward', phoneNumberId);
  }

  /** @throws Problem `secrets_key_missing` */
  requireKey(): void {
    this.secrets.requireKey();
  }

  /** @throws Problem `secrets_key_missing` */
  seal(plain: string, column: SealedNumberColumn, phoneNumberId: string): string {
    return this.secrets.seal(plain, { table: 'numbers', column, id: phoneNumberId });
  }

  /** The token that is sealed in a row; null when it does not open. */
  openToken(sealed: string, phoneNumberId: string): Secret | null {
    return this.#openOrNull(sealed, 'sealed_webhook_token', phoneNumberId);
  }

  /** The webhook that is sealed in a row; null when it does not open. */
  openReplaced(sealed: string, phoneNumberId: string): SealedTarget | null {
    const target = record(parseJson(this.#openOrNull(sealed, 'replaced_webhook', phoneNumberId)?.reveal() ?? ''));
    const url = text(target?.url);
    if (url === undefined) return null;
    const headers = Object.entries(record(target?.headers) ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return { url, headers: Object.fromEntries(headers) };
  }

  #openOrNull(sealed: string, column: SealedNumberColumn, phoneNumberId: string): Secret | null {
    try {
      return new Secret(this.secrets.open(sealed, { table: 'numbers', column, id: phoneNumberId }));
    } catch (error) {
      this.log.pino.error({ event: 'numbers.secret_not_opened', error, column }, 'a sealed secret of a number does not open');
      return null;
    }
  }
}
