import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { Store } from '#store/store.js';
import { Log } from '#telemetry/log.js';
import { SealedValuesService } from './sealed-values.service.js';

/** The largest file that is written anew at once, in bytes; beyond, at the next start. */
const COMPACT_AT_ONCE = 128 * 1024 * 1024;

/** Seals at a start what an earlier one kept in plain text, once that is allowed. Replicas that start at once do no harm. */
@Injectable()
export class SealAtStartService implements OnModuleInit {
  constructor(
    private readonly store: Store,
    @Inject(Settings) private readonly settings: Pick<Settings, 'secretsKeys'>,
    private readonly log: Log,
  ) {}

  async onModuleInit(): Promise<void> {
    const { secretsKeys: keys } = this.settings;
    if (keys.sealingId === null) return;
    const values = new SealedValuesService(this.store, keys);
    if (!(await values.isSealing())) return this.#warn(values);
    const count = await values.sealPlain();
    if (count === 0) return;
    this.log.pino.info({ event: 'secrets.sealed', count, key: keys.sealingId }, 'Secrets that stood in plain text are sealed');
    // The pages of the file still hold copies of the plain texts.
    await this.store.compact(COMPACT_AT_ONCE);
  }

  async #warn(values: SealedValuesService): Promise<void> {
    const count = (await values.status()).reduce((sum, { plain }) => sum + plain, 0);
    const advice = 'Secrets stand in plain text: once every replica has this release and SECRETS_KEY, run `npm run secrets -- seal`';
    this.log.pino.warn({ event: 'secrets.not_sealed', count }, advice);
  }
}
