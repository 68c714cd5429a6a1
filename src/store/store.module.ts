import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { DatabaseUrl } from '#config/read-database.js';
import { Settings } from '#config/settings.js';
import { InstanceLock } from './instance-lock.js';
import { openStore } from './open-store.js';
import { SimulatorLock } from './postgres/simulator-lock.js';
import { startFaultOf, WrongDatabase } from './start-fault.js';
import { Store } from './store.js';

type PostgresDatabase = Extract<DatabaseUrl, { kind: 'postgres' }>;

/** The lock on a SQLite file, or that of a simulator on Postgres; live replicas share Postgres without one. */
class HeldLock {
  constructor(
    readonly lock: InstanceLock | null,
    readonly simulator: SimulatorLock | null = null,
  ) {}
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
        { provide: HeldLock, inject: [Settings], useFactory: takeLock },
        {
          provide: Store,
          inject: [Settings, HeldLock],
          useFactory: (settings: Settings, { lock }: HeldLock) => openStore(settings, { lock, isMigrated: !settings.migrate }),
        },
      ],
      exports: [Store],
    };
  }

  /** The lock is released after the database is closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
    this.held.lock?.release();
    await this.held.simulator?.release();
  }
}

async function takeLock({ database, mode }: Settings): Promise<HeldLock> {
  if (database.kind === 'postgres') return new HeldLock(null, mode === 'simulator' ? await takeSimulatorLock(database) : null);
  if (database.path === ':memory:') return new HeldLock(null);
  const lock = await InstanceLock.take(database.path).catch((error: unknown) => {
    throw startFaultOf(error, database);
  });
  if (lock) return new HeldLock(lock);
  throw new WrongDatabase(
    `DATABASE_URL points at ${database.path}, on which another gateway runs: stop it, or give this one a database of its own (several replicas share Postgres)`,
  );
}

async function takeSimulatorLock(database: PostgresDatabase): Promise<SimulatorLock> {
  const { host, pathname } = new URL(database.url.reveal());
  const sentence = `DATABASE_URL points at ${host || 'this machine'}${pathname}, on which another gateway with a simulator runs: stop it, or give this one a database of its own (replicas that share Postgres need a D360_API_KEY)`;
  const onLost = (): void => {
    process.stderr.write(`${sentence}\n`);
    process.kill(process.pid, 'SIGTERM');
  };
  const lock = await SimulatorLock.take(database.url, onLost).catch((error: unknown) => {
    throw startFaultOf(error, database);
  });
  if (lock) return lock;
  throw new WrongDatabase(sentence);
}
