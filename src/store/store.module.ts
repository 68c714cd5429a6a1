import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { InstanceLock } from './instance-lock.js';
import { openStore } from './open-store.js';
import { startFaultOf, WrongDatabase } from './start-fault.js';
import { Store } from './store.js';

/** The lock on a SQLite file; null on Postgres, where replicas share the database. */
class HeldLock {
  constructor(readonly lock: InstanceLock | null) {}
}

/** One store for all modules; closed last, after every request is answered. */
@Module({})
export class StoreModule implements OnApplicationShutdown {
  constructor(
    private readonly store: Store,
    private readonly held: HeldLock,
  ) {}

  static open(): DynamicModule {
    return {
      module: StoreModule,
      global: true,
      providers: [
        { provide: HeldLock, inject: [Settings], useFactory: async (settings: Settings) => new HeldLock(await takeLock(settings)) },
        {
          provide: Store,
          inject: [Settings, HeldLock],
          useFactory: (settings: Settings, { lock }: HeldLock) => openStore(settings, { lock }),
        },
      ],
      exports: [Store],
    };
  }

  /** The lock is released after the database is closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
    this.held.lock?.release();
  }
}

async function takeLock({ database }: Settings): Promise<InstanceLock | null> {
  if (database.kind === 'postgres' || database.path === ':memory:') return null;
  const lock = await InstanceLock.take(database.path).catch((error: unknown) => {
    throw startFaultOf(error, database);
  });
  if (lock) return lock;
  throw new WrongDatabase(
    `DATABASE_URL points at ${database.path}, on which another gateway runs: stop it, or give this one a database of its own (several replicas share Postgres)`,
  );
}
