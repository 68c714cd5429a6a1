import { Inject, Injectable } from '@nestjs/common';
import { Clock, SECOND } from '#kernel/clock.js';
import { Store } from '#store/store.js';
import { Log } from '#telemetry/telemetry.module.js';

const LONGEST_PROBE_MS = 2 * SECOND;
const PROBE_MAX_AGE_MS = 2 * SECOND;

export type Readiness = 'ready' | 'draining' | 'store_unavailable';

/**
 * Whether this process should be sent work. What 360dialog does is none of its business: with an upstream that is down we
 * must still take deliveries and answer for calls.
 */
@Injectable()
export class HealthService {
  #draining = false;
  #probe: { at: number; works: Promise<boolean> } | null = null;

  constructor(
    @Inject(Store) private readonly store: Pick<Store, 'probe'>,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** From now on the process asks for no more work; it ends soon. */
  drain(): void {
    this.#draining = true;
  }

  /** Callers within two seconds share one probe of the store. */
  async readiness(): Promise<Readiness> {
    if (this.#draining) return 'draining';
    const now = this.clock.now();
    if (!this.#probe || Math.abs(now - this.#probe.at) >= PROBE_MAX_AGE_MS) this.#probe = { at: now, works: this.#storeWorks(now) };
    return (await this.#probe.works) ? 'ready' : 'store_unavailable';
  }

  async #storeWorks(now: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the store took longer than two seconds')), LONGEST_PROBE_MS);
    });
    try {
      await Promise.race([this.store.probe(now), late]);
      return true;
    } catch (error) {
      this.log.pino.error({ error }, 'the store does not answer');
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}
