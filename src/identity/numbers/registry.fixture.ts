import { setImmediate } from 'node:timers/promises';
import { readSettings } from '#config/read-settings.js';
import { Secret, sha256 } from '#kernel/secret.js';
import type { Store } from '#store/store.js';
import type { StoppedClock, TemporaryStore } from '#store/temporary-store.fixture.js';
import { NumberCache } from './number-cache.service.js';
import { NumbersService } from './numbers.service.js';
import { NumbersStore } from './numbers.store.js';

/** Ids of numbers, and a principal that reaches all. */
export const [A, B, C] = ['300000000000001', '300000000000002', '300000000000003'];
export const ALL = { numbers: null };
export const TOKEN = 'token-of-the-environment-0123456789';

/** Settings with a number in the environment. */
export const known = (given: Record<string, string> = {}) =>
  readSettings({ D360_API_KEY: 'key-of-a', D360_WEBHOOK_TOKEN: TOKEN, WEBHOOK_FORWARD_URL: 'https://chat.example/hook', ...given });

/** A number that was added beside that of the environment. */
export const ADDED = {
  source: 'api',
  sealedApiKey: 'sealed',
  webhookTokenDigest: sha256('token-of-b'),
  previousWebhookTokenDigest: sha256('before'),
} as const;

/** The registry of one process. */
export async function startRegistry(database: TemporaryStore, clock: StoppedClock, settings = known()) {
  const store: Store = await database.open();
  const cache = new NumberCache(new NumbersStore(store), store, settings);
  cache.openKey = (sealed) => new Secret(`opened:${sealed}`);
  cache.openForward = (sealed) => new Secret(sealed);
  await cache.onModuleInit();
  cache.onApplicationBootstrap();
  return { store, cache, numbers: new NumbersService(cache, clock) };
}

/** Waits turn by turn of the event loop. */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await setImmediate();
}
