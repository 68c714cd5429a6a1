import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '#config/settings.js';
import { openStore } from './open-store.js';
import { Store } from './store.js';

/** One store for all rooms; closed last, after every request has been answered. */
@Module({})
export class StoreModule implements OnApplicationShutdown {
  constructor(@Inject(Store) private readonly store: Store) {}

  static open(): DynamicModule {
    return {
      module: StoreModule,
      global: true,
      providers: [{ provide: Store, inject: [Settings], useFactory: openStore }],
      exports: [Store],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
