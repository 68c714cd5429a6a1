import { Module } from '@nestjs/common';
import { CallModule } from '#calling/call/call.module.js';
import { PermissionsModule } from '#calling/permissions/permissions.module.js';
import { PersonTracesModule } from '#privacy/person/person-traces.module.js';
import { ErasureController } from './erasure.controller.js';
import { ErasureService } from './erasure.service.js';
import { ErasureStore } from './erasure.store.js';
import { NumberErasureService } from './number-erasure.service.js';
import { NumberErasureStore } from './number-erasure.store.js';
import { PeopleRetention } from './people-retention.service.js';
import { PeopleRetentionStore } from './people-retention.store.js';
import { SweepStore } from './sweep.store.js';

/** Erases a person from every table. */
@Module({
  imports: [CallModule, PermissionsModule, PersonTracesModule],
  controllers: [ErasureController],
  providers: [ErasureStore, SweepStore, ErasureService, NumberErasureStore, NumberErasureService, PeopleRetentionStore, PeopleRetention],
  exports: [NumberErasureService, PeopleRetention],
})
export class ErasureModule {}
