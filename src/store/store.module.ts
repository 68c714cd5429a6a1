import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { lockInstance } from './instance-lock.js';
import { openStore, WrongDatabase } from './open-store.js';
import { Store } from './store.js';

/** Releases the lock on a SQLite file; after the database is closed. */
class InstanceLock {
  constructor(readonly release: () => void) {}
}

/** One store for all modules; closed last, after every request is answered. */
@Module({})
export class StoreModule implements OnApplicationShutdown {
  constructor(
    private readonly store: Store,
    private readonly lock: InstanceLock,
  ) {}

  static open(): DynamicModule {
    return {
      module: StoreModule,
      global: true,
      providers: [
        { provide: InstanceLock, inject: [Settings], useFactory: (settings: Settings) => new InstanceLock(takeLock(settings)) },
        { provide: Store, inject: [Settings, InstanceLock], useFactory: openStore },
      ],
      exports: [Store],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
    this.lock.release();
  }
}

function takeLock({ database }: Settings): () => void {
  if (database.kind === 'postgres' || database.path === ':memory:') return () => undefined;
  mkdirSync(dirname(database.path), { recursive: true, mode: 0o700 });
  const release = lockInstance(database.path);
  if (release) return release;
  throw new WrongDatabase(
    `DATABASE_URL points at ${database.path}, on which another gateway runs: stop it, or give this one a database of its own (several replicas share Postgres)`,
  );
}
