import { Inject, Injectable } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { Problem } from '#kernel/problem.js';
import { placeOf, type SealedPlace } from '#store/sealed/sealed-columns.js';

/** Seals secrets for their places in the database and opens them: AES-256-GCM under `SECRETS_KEY`. */
@Injectable()
export class SecretsService {
  constructor(@Inject(Settings) private readonly settings: Pick<Settings, 'secretsKeys'>) {}

  /** Whether there is a key to seal with. */
  get isConfigured(): boolean {
    return this.settings.secretsKeys.sealingId !== null;
  }

  /** The ids of the keys that open. */
  get keyIds(): readonly string[] {
    return this.settings.secretsKeys.ids;
  }

  /** For what must not be kept in plain text. @throws Problem `secrets_key_missing` */
  requireKey(): void {
    if (!this.isConfigured) throw new Problem('secrets_key_missing');
  }

  /** @returns what stands in the database; it opens at this place alone @throws Problem `secrets_key_missing` */
  seal(text: string, place: SealedPlace): string {
    this.requireKey();
    return this.settings.secretsKeys.seal(text, placeOf(place));
  }

  /** @throws SealingKeyMissing, SealBroken */
  open(sealed: string, place: SealedPlace): string {
    return this.settings.secretsKeys.open(sealed, placeOf(place));
  }
}
