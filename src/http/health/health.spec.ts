import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { Clock, SECOND } from '#kernel/clock.js';
import { openStore } from '#store/open-store.js';
import type { Store } from '#store/store.js';
import { HealthService } from './health.service.js';

class HandClock extends Clock {
  time = Date.UTC(2026, 10, 22, 9);
  now(): number {
    return this.time;
  }
}

/** Counts what the probe does, and fails on demand. */
class WatchedStore {
  probes = 0;
  broken = false;

  constructor(private readonly store: Store) {}

  async probe(now: number): Promise<void> {
    this.probes += 1;
    if (this.broken) throw new Error('disk I/O error');
    return this.store.probe(now);
  }
}

describe('readiness', () => {
  let folder: string;
  let store: Store;
  let probed: WatchedStore;
  let clock: HandClock;
  let health: HealthService;
  /** Ends the time that the store is given. */
  let timeIsUp: () => void;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'health-'));
    store = await openStore({ database: { kind: 'sqlite', path: join(folder, 'gateway.db') }, mode: 'simulator' });
    probed = new WatchedStore(store);
    clock = new HandClock();
    health = new HealthService(probed, clock, { pino: pino({ level: 'silent' }) });
    jest.spyOn(globalThis, 'setTimeout').mockImplementation(((end: () => void) => {
      timeIsUp = end;
    }) as unknown as typeof setTimeout);
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('is given while the store takes a write, probed once for all callers within two seconds', async () => {
    expect(await Promise.all([health.readiness(), health.readiness()])).toEqual(['ready', 'ready']);
    clock.time += SECOND;
    await health.readiness();
    expect(probed.probes).toBe(1);
    clock.time += SECOND;
    await health.readiness();
    expect(probed.probes).toBe(2);
  });

  it('goes with the store and comes back with it', async () => {
    probed.broken = true;
    expect(await health.readiness()).toBe('store_unavailable');
    probed.broken = false;
    clock.time += 2 * SECOND;
    expect(await health.readiness()).toBe('ready');
  });

  it('goes when the store does not answer in time', async () => {
    probed.probe = () => new Promise(() => undefined);
    const readiness = health.readiness();
    timeIsUp();
    expect(await readiness).toBe('store_unavailable');
  });

  it('ends with the draining, whatever the store says', async () => {
    health.drain();
    expect(await health.readiness()).toBe('draining');
    expect(probed.probes).toBe(0);
  });
});
