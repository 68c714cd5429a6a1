import { Module } from '@nestjs/common';
import { CalleesService } from './callees.service.js';
import { NumberRegistryModule } from './numbers/number-registry.module.js';
import { PeopleService } from './people.service.js';
import { PeopleStore } from './people.store.js';

/** Identity resolution: the users of WhatsApp, and with them the registry of our numbers. */
@Module({
  imports: [NumberRegistryModule],
  providers: [PeopleStore, PeopleService, CalleesService],
  exports: [PeopleService, CalleesService, NumberRegistryModule],
})
export class IdentityModule {}
