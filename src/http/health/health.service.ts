import { Inject, Injectable } from '@nestjs/common';
import { Clock, SECOND } from '#kernel/clock.js';
import { Store } from '#store/store.js';
import { Log } from '#telemetry/log.js';

const PROBE_TIMEOUT_MS = 2 * SECOND;
const PROBE_MAX_AGE_MS = 2 * SECOND;

export type Readiness = 'ready' | 'draining' | 'store_unavailable';

/**
 * Readiness of this process. The state of 360dialog does not count: while it is down the gateway must still accept
 * deliveries and answer about calls.
 */
@Injectable()
export class HealthService {
  #draining = false;
  #probe: { at: number; works: Promise<boolean> } | null = null;

  constructor(
    @Inject(Store) private readonly store: Pick<Store, 'probe'>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Reports `draining` from now on: the process ends soon. */
  drain(): void {
    this.#draining = true;
  }

  /** The readiness; requests within two seconds share one probe of the database. */
  async readiness(): Promise<Readiness> {
    if (this.#draining) return 'draining';
    const now = this.clock.now();
    if (!this.#probe || Math.abs(now - this.#probe.at) >= PROBE_MAX_AGE_MS) this.#probe = { at: now, works: this.#storeWorks(now) };
    return (await this.#probe.works) ? 'ready' : 'store_unavailable';
  }

  async #storeWorks(now: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the store took longer than two seconds')), PROBE_TIMEOUT_MS);
    });
    try {
      await Promise.race([this.store.probe(now), late]);
      return true;
    } catch (error) {
      this.log.pino.error({ event: 'health.store_unavailable', error }, 'the database does not answer');
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}
